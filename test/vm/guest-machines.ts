/** The machines that QEMU is asked for: three as it comes, and one that hides what its settings can hide. */

export interface GuestMachine {
  readonly name: string;
  readonly qemu: readonly string[];
  /** More words for the kernel. */
  readonly append?: string;
}

const DISK = 'if=none,id=d0,format=raw,snapshot=on,file=';
const MODEL = 'model-id=Intel(R) Core(TM) i7-9700 CPU @ 3.00GHz';

/** Dell's own strings; commas within them are doubled. */
const DELL = [
  'type=0,vendor=Dell Inc.,version=1.21.0,date=03/21/2024,release=1.21',
  'type=1,manufacturer=Dell Inc.,product=OptiPlex 7070,serial=7B5RYQ2,sku=0926,family=OptiPlex',
  'type=2,manufacturer=Dell Inc.,product=0YNVJG,version=A01,serial=/7B5RYQ2/CNFCW0098J00GE/',
  'type=3,manufacturer=Dell Inc.,serial=7B5RYQ2,sku=Desktop',
  'type=4,manufacturer=Intel(R) Corporation,version=Intel(R) Core(TM) i7-9700 CPU @ 3.00GHz,sock_pfx=U3E1',
  'type=17,manufacturer=80AD000080AD,part=HMA81GU6CJR8N-VK,serial=2C6D1A34,speed=2666,loc_pfx=DIMM1',
].flatMap((words) => ['-smbios', words]);

/** `disk`: an empty file that stands for one. */
export const guestMachines = (disk: string): readonly GuestMachine[] => {
  const usual = [
    ...['-vga', 'std', '-device', 'qemu-xhci', '-device', 'usb-tablet'],
    ...['-drive', `if=virtio,format=raw,snapshot=on,file=${disk}`],
    ...['-nic', 'hubport,hubid=0,model=virtio-net-pci'],
  ];
  return [
    { name: 'default PC', qemu: ['-machine', 'pc', '-cpu', 'max', ...usual] },
    { name: 'q35', qemu: ['-machine', 'q35', '-cpu', 'max', ...usual] },
    {
      name: 'microvm',
      qemu: [
        ...['-machine', 'microvm,acpi=on,pcie=on,rtc=on', '-cpu', 'max'],
        ...['-nodefaults', '-no-user-config'],
      ],
      append: 'tsc_early_khz=2400000 lpj=4800000 no_timer_check',
    },
    {
      // No hypervisor flag, Dell's SMBIOS, an Intel network card with Dell's address, a Samsung disk.
      name: 'disguised as a Dell',
      qemu: [
        ...['-machine', 'q35,x-oem-id=DELL,x-oem-table-id=CBX3,vmport=off,smm=off'],
        ...['-cpu', `Skylake-Client-v3,-hypervisor,tcg-cpuid=off,stepping=10,model=158,${MODEL}`],
        ...['-nodefaults', '-vga', 'none', '-drive', `${DISK}${disk}`, '-device', 'ahci,id=ahci0'],
        '-device',
        'ide-hd,drive=d0,bus=ahci0.0,model=Samsung SSD 860 EVO 500GB,serial=S3Z2NB0K903412X,ver=RVT04B6Q',
        ...['-netdev', 'hubport,id=n0,hubid=0'],
        ...['-device', 'e1000e,netdev=n0,mac=a4:bb:6d:12:9c:31'],
        ...DELL,
      ],
    },
  ];
};
