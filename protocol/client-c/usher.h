/*
 * Usher's client in C: takes a seat of a signed license from an agent on the local network, keeps it,
 * and gives it back. Speaks protocol/README.md, major version 1. One header and one source file,
 * C99, no dependencies beyond sockets:
 *
 *   Linux, BSD, macOS   cc -std=c99 -O2 -c usher.c
 *   Windows             x86_64-w64-mingw32-gcc -O2 -c usher.c    and link -lws2_32 -lbcrypt -ladvapi32
 *
 *   static const unsigned char VENDOR_KEY[USHER_KEY_SIZE] = { ... };
 *
 *   usher_options options = {0};
 *   usher_seat *seat;
 *   usher_report report;
 *   options.vendor_keys = VENDOR_KEY;
 *   options.vendor_key_count = 1;
 *   options.product = "acme-cad";
 *   if (usher_acquire(&options, &seat, &report) != USHER_OK)
 *     return complain(usher_code_text(report.code));
 *   while (usher_renew(seat, 1000) == USHER_OK && is_running) work_for_a_moment();
 *   usher_release(seat);
 *
 * Threads. There are none inside, and no global state: nothing is shared between seats, and any
 * number of them may be had at once. One seat belongs to one thread at a time. An application that
 * wants its seat renewed beside its work lets a thread of its own do that; see example.c. After a
 * fork a seat is its parent's: a child that calls anything with it, usher_release too, speaks under
 * the parent's numbers. A child acquires its own.
 *
 * Where it looks. At the addresses given by hand; by broadcast on every interface, and by IPv6
 * multicast; and when nobody answers within a tenth of a second by mDNS, for which common firewalls are
 * open, and at _usher._udp of the computer's domains in DNS. It remembers no address between two calls.
 *
 * Memory. usher_acquire allocates once, some 70 KB, and usher_release frees that. Nothing else is
 * ever allocated. Every length that comes from outside is bounded; secrets are wiped.
 *
 * Not in here: borrowing, draws, probes, lists of resources, licenses of one computer, and looking
 * for another seat when one is lost. An application acquires again, when it likes.
 */

#ifndef USHER_H
#define USHER_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes in a vendor's public key. */
#define USHER_KEY_SIZE 32
/** The agents' UDP port, unless an administrator chose another. */
#define USHER_PORT 24711
/** Most features in one request, and most seats. */
#define USHER_FEATURES_MAX 64
#define USHER_WEIGHT_MAX 1000000
/** Bytes for an agent's name or address as text, the NUL included. */
#define USHER_TEXT_SIZE 200

/**
 * What came of it. The numbers do not change, and new ones are appended: 0 is well, up to 999 are the
 * refusals of an agent by their numbers on the wire, from 1001 on this client's own findings. An
 * agent's refusal that this client does not know is USHER_BAD_REQUEST.
 */
typedef enum usher_code {
  USHER_OK = 0,

  /* An agent said no. */
  USHER_NO_LICENSE = 1,
  USHER_NO_SEAT = 2,
  USHER_NO_CLASS = 3,
  USHER_NO_FEATURE = 4,
  USHER_NOT_ACTIVATED = 5,
  USHER_LICENSE_PENDING = 6,
  USHER_LICENSE_EXPIRED = 7,
  USHER_VIRTUAL_HOST = 8,
  USHER_CONTAINER_HOST = 9,
  USHER_UNKNOWN_HOST = 10,
  USHER_NOT_HELD = 11,
  USHER_DISCONNECTED = 12,
  USHER_LICENSE_REMOVED = 13,
  USHER_STORE_FAILING = 14,
  USHER_BUSY = 15,
  USHER_NO_DOCUMENT = 16,
  USHER_BAD_REQUEST = 17,
  USHER_NO_MATCH = 18,
  USHER_LICENSE_SUPERSEDED = 19,
  USHER_STANDALONE_ONLY = 20,
  USHER_NOT_ASSIGNED = 21,
  USHER_EXCLUDED = 22,
  USHER_LIMIT_REACHED = 23,
  USHER_RESERVED = 24,
  USHER_NO_VERSION = 25,
  USHER_NO_MAINTENANCE = 26,
  USHER_VERSION_NEEDED = 27,
  USHER_NO_RESOURCE = 28,
  USHER_RESOURCE_NEEDED = 29,
  USHER_TOO_HEAVY = 30,
  USHER_SEATS_REDUCED = 31,
  USHER_IDLE = 32,
  USHER_RECALLED = 33,
  USHER_TRIAL_ENDED = 34,
  USHER_BORROW_FORBIDDEN = 35,
  USHER_BORROW_TOO_LONG = 36,
  USHER_BORROW_LIMIT = 37,
  USHER_QUEUE_FULL = 38,
  USHER_NO_METER = 39,
  USHER_METER_EMPTY = 40,
  USHER_DRAW_CONFLICT = 41,
  USHER_ROSTER_FULL = 42,
  USHER_BORROWED = 43,
  USHER_FAULTY_RULES = 44,
  USHER_CLOCK_REFUSED = 45,
  USHER_HOLDING_OFF = 46,
  USHER_STORE_DAMAGED = 47,
  USHER_WRONG_HOST = 48,
  USHER_ACTIVATION_ENDED = 49,
  USHER_LICENSE_SUSPENDED = 50,
  USHER_LICENSE_REVOKED = 51,
  USHER_LICENSE_RETURNED = 52,
  USHER_LICENSE_INVALID = 53,
  USHER_SITE_CHILD = 58,

  /* Nobody said yes. */
  USHER_NO_AGENT = 1001,
  USHER_SILENT = 1002,
  USHER_NO_COMMON_VERSION = 1003,
  USHER_STOPPED = 1004,
  /* A seat that was held: its term ran out before a renewal was answered. */
  USHER_NOT_RENEWED = 1005,

  /* This call or this computer. */
  USHER_BAD_OPTION = 1021,
  USHER_TOO_LONG = 1022,
  USHER_NO_SOCKET = 1023,
  USHER_NO_RANDOM = 1024,
  USHER_NO_MEMORY = 1025,

  /* An agent granted a seat and is not believed. */
  USHER_UNTRUSTED_NOT_PROVEN = 1101,
  USHER_UNTRUSTED_FORGED = 1102,
  USHER_UNTRUSTED_NEWER_FORMAT = 1103,
  USHER_UNTRUSTED_CERTIFICATE_USE = 1104,
  USHER_UNTRUSTED_CERTIFICATE_DATE = 1105,
  USHER_UNTRUSTED_OTHER_VENDOR = 1106,
  USHER_UNTRUSTED_REVOKED_KEY = 1107,
  USHER_UNTRUSTED_NOT_ACTIVATED = 1108,
  USHER_UNTRUSTED_OTHER_LICENSE = 1109,
  USHER_UNTRUSTED_OTHER_AGENT = 1110,
  USHER_UNTRUSTED_EMERGENCY_TERMS = 1111,
  USHER_UNTRUSTED_ACTIVATION_EXPIRED = 1112,
  USHER_UNTRUSTED_PENDING = 1113,
  USHER_UNTRUSTED_EXPIRED = 1114,
  USHER_UNTRUSTED_OTHER_PRODUCT = 1115,
  USHER_UNTRUSTED_STANDALONE = 1116,
  USHER_UNTRUSTED_OTHER_RESOURCE = 1117,
  USHER_UNTRUSTED_NO_CLASS = 1118,
  USHER_UNTRUSTED_NO_FEATURE = 1119,
  USHER_UNTRUSTED_NO_VERSION = 1120,
  USHER_UNTRUSTED_NO_MAINTENANCE = 1121,
  USHER_UNTRUSTED_TOO_FEW = 1122,
  USHER_UNTRUSTED_OTHER_PARENT = 1123,
  USHER_UNTRUSTED_CHILDREN_TERMS = 1124,
  USHER_UNTRUSTED_CHILD_SUSPENDED = 1125,
  USHER_UNTRUSTED_CHILD_EXPIRED = 1126
} usher_code;

/** A short name for logs and programs: `no-seat`, `untrusted-other-vendor`. Never NULL. */
const char *usher_code_name(usher_code code);

/** A sentence for the person in front of the application, in UTF-8. Never NULL. */
const char *usher_code_text(usher_code code);

/** What a listener is told. */
typedef enum usher_news {
  /** Standing in line; `number` waiters come first. Told whenever that changes. */
  USHER_NEWS_WAITING = 1,
  /** Held (again): after an acquire, a silence, or an ending that was taken back. */
  USHER_NEWS_HELD = 2,
  /** The agent does not answer. The seat is still held for `number` milliseconds. */
  USHER_NEWS_UNREACHABLE = 3,
  /** Not renewed, for the reason in `code`; still held for `number` ms: time to save. */
  USHER_NEWS_ENDING = 4,
  /** Held no more, for the reason in `code`. Told once. The seat is still to be released. */
  USHER_NEWS_LOST = 5
} usher_news;

/**
 * Called from within usher_acquire and usher_renew, on their thread, and from nowhere else. It must
 * not call any function with this seat.
 */
typedef void usher_listener(void *context, usher_news news, usher_code code, uint32_t number);

/**
 * What an application asks for. Set it to zero and fill in what is needed: the vendor's keys and the
 * product. Texts are UTF-8 without control characters; they need to live until usher_acquire returns,
 * but `stop` and `context` until usher_release.
 */
typedef struct usher_options {
  /** The vendor's public keys that the application is built with, of 32 bytes each, one behind the
   *  other: one, or more while keys change. A license of no other vendor is believed. */
  const unsigned char *vendor_keys;
  size_t vendor_key_count;

  /** 1 to 64 characters. */
  const char *product;
  /** The class of seat; NULL for a generic one. */
  const char *seat_class;
  /** The customer's database or project that a license may be tied to; NULL for none. Capitals of
   *  A to Z do not count; other characters are compared as they stand. */
  const char *resource;
  /** Every one of them must be covered. */
  const char *const *features;
  size_t feature_count;
  /** How many seats at once; 0 is 1. */
  uint32_t weight;
  /** The application's version, such as "12.3.1"; NULL when it does not say. */
  const char *version;
  /** When that was released, in seconds since 1970; 0 when it does not say. */
  uint32_t released;

  /** What administrators see of who asks; NULL to look it up. `application`: NULL for "". */
  const char *user;
  const char *host;
  const char *application;

  /** Agents by hand, `host`, `host:port`, `[ipv6]:port`, with commas or spaces between; beside those
   *  of the environment variable USHER_AGENT and those that are found. At most 32. */
  const char *agents;
  /** The port on which agents are looked for; 0 is 24711. */
  uint16_t port;
  /** Look on these interfaces only, names or IPv4 addresses with commas or spaces between (on Windows
   *  addresses, without IPv6); NULL for all, "" for nowhere but at the agents given by hand. */
  const char *interfaces;
  /** How long to look for a seat, in milliseconds; 0 is 3000. */
  uint32_t patience_ms;
  /** Not zero: stand in line where there is no seat, for as long as it takes. */
  int wait;

  /** Not zero ends a usher_acquire or usher_renew within a tenth of a second; NULL for never. For
   *  signal handlers and other threads. */
  const volatile sig_atomic_t *stop;
  /** NULL for none. */
  usher_listener *listener;
  void *context;
} usher_options;

/** How an acquire ended, for people. */
typedef struct usher_report {
  usher_code code;
  /** With USHER_NO_SEAT: how many seats that would have served are lent and licensed; else zero. */
  uint32_t in_use;
  uint32_t seats;
  /** The agent that lends or said no, its name in UTF-8 and its address; "" when there is none. */
  char agent[USHER_TEXT_SIZE];
  char address[USHER_TEXT_SIZE];
  /** How administrators name the lease. */
  char lease[17];
  /** Of the seat: the term in seconds, and whether it is beyond the license's count. */
  uint32_t term;
  int overdraft;
} usher_report;

/** A seat in the application's hands. */
typedef struct usher_seat usher_seat;

/**
 * Looks for an agent with a seat, acquires it and checks the licenses behind it. Returns USHER_OK and
 * a seat that is held and must be released, or why there is none and NULL. Takes as long as it has
 * to: some milliseconds on a good network, up to the patience and a few seconds on a bad one; with
 * `wait` for ever. `report` may be NULL.
 */
usher_code usher_acquire(const usher_options *options, usher_seat **seat, usher_report *report);

/**
 * Keeps a seat for `wait_ms` milliseconds: hears the agent, renews when that is due, tells the
 * listener, and else sleeps. Returns at once when the seat is lost or `stop` is set; with 0 it does
 * what is due and returns. Call it again and again: the next call must come within a sixth of the
 * term, see usher_due. Where several agents are one site, another takes the seat over when its own is
 * dead, and the listener is told of the silence and that it is held again; the call that hears so
 * returns when the license is checked, as usher_acquire does. For that it must be called about every
 * second. USHER_OK: the seat is held. Anything else: it is not, for that reason, and never
 * will be again; what the application does about that is its own decision.
 */
usher_code usher_renew(usher_seat *seat, uint32_t wait_ms);

/** For how many milliseconds the seat is held if nothing more is heard; 0: it is not held. Looks at
 *  the clock, so it is right just after the computer has slept, too. */
uint32_t usher_left(const usher_seat *seat);

/** In how many milliseconds usher_renew has something to do. News of an agent may come sooner. */
uint32_t usher_due(const usher_seat *seat);

/** The socket of the seat for an event loop of the application's own: readable when there is
 *  something to hear for usher_renew(seat, 0). An int, on Windows a SOCKET. */
intptr_t usher_socket(const usher_seat *seat);

/** Says that the application was last used `seconds` ago, 0 for now; counted on from there. Who never
 *  calls it is taken for used all the time. Administrators may give seats of the unused to others. */
void usher_idle(usher_seat *seat, uint32_t seconds);

/** Gives the seat back, for at most two seconds until the agent has heard it, and frees it. To be
 *  called for every seat, lost ones too. NULL is allowed. */
void usher_release(usher_seat *seat);

/** Reads a vendor key as `usher vendor keygen` prints it, in base64. Returns USHER_OK or
 *  USHER_BAD_OPTION. */
usher_code usher_vendor_key(const char *base64, unsigned char key[USHER_KEY_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
