#!/bin/sh
# Installs Usher from this folder, for systems without a package: ./install.sh [--uninstall]
# PREFIX=/opt/usher ./install.sh installs elsewhere; DESTDIR is for those who make packages.
set -eu
prefix=${PREFIX:-/usr/local}
to=${DESTDIR:-}$prefix
cd "$(dirname "$0")"

case ${1:-} in
--uninstall)
  # A door that `usher firewall open` has made is nobody's any more.
  [ -n "${DESTDIR:-}" ] || "$to/bin/usher" firewall close >/dev/null 2>&1 || true
  rm -f "$to/bin/usher" "$to/share/man/man1/usher.1.gz" \
    "$to/share/bash-completion/completions/usher" "$to/share/zsh/site-functions/_usher" \
    "$to/share/fish/vendor_completions.d/usher.fish"
  rm -rf "$to/share/doc/usher"
  echo "Removed from $prefix. Licenses and leases stay where they are: /var/lib/usher, if that was the data folder."
  exit 0
  ;;
'') ;;
*)
  echo "usage: ./install.sh [--uninstall]" >&2
  exit 2
  ;;
esac

if ! ./usher --version >/dev/null; then
  echo "This usher does not run here. It needs glibc 2.28 or newer, libstdc++ and a processor of the kind in the archive's name." >&2
  exit 1
fi
put() {
  mkdir -p "$(dirname "$to/$3")"
  # Renamed into place, so that a running agent is not written over.
  cp "$2" "$to/$3.new"
  chmod "$1" "$to/$3.new"
  mv -f "$to/$3.new" "$to/$3"
}
put 755 usher bin/usher
put 644 share/usher.1.gz share/man/man1/usher.1.gz
put 644 share/usher.bash share/bash-completion/completions/usher
put 644 share/_usher share/zsh/site-functions/_usher
put 644 share/usher.fish share/fish/vendor_completions.d/usher.fish
for file in LICENSE THIRD-PARTY share/firewalld.xml share/ufw share/usher.conf; do
  put 644 "$file" "share/doc/usher/$(basename "$file")"
done
echo "Installed $("$to/bin/usher" --version) into $prefix."
