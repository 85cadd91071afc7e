/*
 * Usher's client in C. What it does and how to use it is in usher.h; the bytes are those of
 * protocol/README.md, whose section titles head the parts of this file:
 *
 *   the system (sockets, clock, random bytes) · cryptography · MessagePack · documents · proof ·
 *   what a client checks · frames · agents · asking · acquiring · holding · the calls of usher.h
 */

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* getrandom, CLOCK_BOOTTIME, getifaddrs beside C99 */
#elif defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include "usher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0600
#endif
#include <winsock2.h>
/* winsock2.h comes first */
#include <bcrypt.h>
#include <ws2tcpip.h>
typedef SOCKET socket_t;
typedef int socklen_type;
#define NO_SOCKET INVALID_SOCKET
#else
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/random.h>
#endif
typedef int socket_t;
typedef socklen_t socklen_type;
#define NO_SOCKET (-1)
#endif

/* Limits of the protocol, by the names of limits.ts. */
enum {
  DATAGRAM_MAX = 1184,
  KEY_SIZE = USHER_KEY_SIZE,
  HASH_SIZE = 32,
  COOKIE_SIZE = 16,
  EPOCH_SIZE = 8,
  NONCE_SIZE = 16,
  SIGNATURE_SIZE = 64,
  LICENSE_ID_SIZE = 16,
  SMALL_BODY_SIZE = 32,
  PARTS_BODY_SIZE = 416,
  PIECE_BODY_SIZE = 1056,
  BODY_MAX = 1100,
  PIECE_MAX = 1024,
  DOCUMENT_MAX = 16384,
  CERTIFICATE_MAX = 256,
  PROOF_DOCUMENTS_MAX = 8,
  PROOF_MAX = 32768,
  REVOKED_KEYS_MAX = 64,
  AGENTS_MAX = 1000,
  CHILDREN_MAX = 1000,
  CHILDREN_DEPTH_MAX = 4,
  EMERGENCY_MAX = 432000,
  URL_MAX = 200,
  TERM_MIN = 10,
  TERM_MAX = 86400,
  NAME_MAX_UNITS = 64,
  TEXT_MAX = 128,
  POOLS_MAX = 32,
  SEATS_MAX = 1000000,
  STAGES_MAX = 64,
  METERS_MAX = 32,
  SUPERSEDES_MAX = 32,
  PARTS_MAX = 8,
  PRODUCTS_MAX = 256,
  TICKET_MAX = 64,
  HOST_CODE_MAX = 145,
  MSGPACK_DEPTH_MAX = 8,
  MSGPACK_ITEMS_MAX = 4096,
  VERSION_PARTS_MAX = 6,
  /* This client's own. */
  OFFERS_MAX = 32,
  ENDPOINTS_MAX = 32,
  PENDING_MAX = 16,
  NETWORKS_MAX = 64,
  EARS_MAX = 12,
  RUMOURS_MAX = 16,
  DOMAINS_MAX = 6,
  SERVERS_MAX = 3,
  SERVICES_MAX = 8,
  ENDPOINTS_OF_ANSWER_MAX = 8,
  LOOKUPS_MAX = 22,
  LOOKUP_ATTEMPTS = 3,
  DOMAINS_AGAIN_MS = 60000,
  DNS_MAX = 9000,
  DNS_JUMPS_MAX = 16,
  DNS_QUESTIONS_MAX = 32,
  DNS_RECORDS_MAX = 128,
  V4_SIZE = 4,
  V6_SIZE = 16
};

#define UINT_MAX32 0xffffffffu
#define DAY_SECONDS 86400

/* ---------------------------------------------------------------------------------------------------
 * The system
 * ------------------------------------------------------------------------------------------------ */

/** Milliseconds that go on while the computer sleeps; only distances mean something. */
static int64_t clock_ms(void) {
#ifdef _WIN32
  return (int64_t)GetTickCount64();
#else
  struct timespec now;
#ifdef CLOCK_BOOTTIME
  if (clock_gettime(CLOCK_BOOTTIME, &now) == 0)
    return (int64_t)now.tv_sec * 1000 + (int64_t)now.tv_nsec / 1000000;
#endif
  /* On macOS this one counts sleep, too. */
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (int64_t)now.tv_sec * 1000 + (int64_t)now.tv_nsec / 1000000;
#endif
}

/** The calendar, in seconds since 1970; what is before or after a 32-bit number is the nearest one. */
static int64_t calendar(void) {
  const int64_t now = (int64_t)time(NULL);
  return now < 0 ? 0 : now > (int64_t)UINT_MAX32 ? (int64_t)UINT_MAX32 : now;
}

/** Bytes that nobody can guess; 0 when the system has none. */
static int random_bytes(uint8_t *bytes, size_t size) {
#ifdef _WIN32
  return BCryptGenRandom(NULL, bytes, (ULONG)size, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
#elif defined(__linux__)
  size_t have = 0;
  while (have < size) {
    const ssize_t got = getrandom(bytes + have, size - have, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    have += (size_t)got;
  }
  return 1;
#else
  arc4random_buf(bytes, size);
  return 1;
#endif
}

static int64_t least_of(int64_t one, int64_t other) { return one < other ? one : other; }
static int64_t most_of(int64_t one, int64_t other) { return one > other ? one : other; }

/** Overwrites a secret in a way that no compiler leaves out. */
static void wipe(void *memory, size_t size) {
  volatile uint8_t *at = memory;
  while (size-- > 0) *at++ = 0;
}

/* ---------------------------------------------------------------------------------------------------
 * Cryptography
 *
 * After TweetNaCl 20140427 (https://tweetnacl.cr.yp.to) by Daniel J. Bernstein, Bernard van Gastel,
 * Wesley Janssen, Tanja Lange, Peter Schwabe and Sjaak Smetsers, which is in the public domain. No
 * shift of a negative number, no conversion left to the compiler; hashing takes several pieces, and
 * verification is strict and takes both multiples at once.
 * ------------------------------------------------------------------------------------------------ */

/** Some bytes of a larger whole. */
typedef struct span {
  const uint8_t *at;
  size_t size;
} span;

static span span_of(const void *at, size_t size) {
  span made;
  made.at = at;
  made.size = size;
  return made;
}

/** Whether two runs of bytes are equal, in a time that does not depend on them. */
static int equal_bytes(const uint8_t *one, const uint8_t *other, size_t size) {
  uint32_t difference = 0;
  size_t i;
  for (i = 0; i < size; i++) difference |= (uint32_t)(one[i] ^ other[i]);
  return difference == 0;
}

static int spans_equal(span one, span other) {
  return one.size == other.size && (one.size == 0 || memcmp(one.at, other.at, one.size) == 0);
}

static int all_zero(const uint8_t *bytes, size_t size) {
  uint32_t any = 0;
  size_t i;
  for (i = 0; i < size; i++) any |= bytes[i];
  return any == 0;
}

/* --- Salsa20 and Poly1305 --- */

static uint32_t load32(const uint8_t *x) {
  return (uint32_t)x[0] | (uint32_t)x[1] << 8 | (uint32_t)x[2] << 16 | (uint32_t)x[3] << 24;
}

static void store32(uint8_t *x, uint32_t u) {
  x[0] = (uint8_t)u;
  x[1] = (uint8_t)(u >> 8);
  x[2] = (uint8_t)(u >> 16);
  x[3] = (uint8_t)(u >> 24);
}

static uint32_t rotate32(uint32_t x, unsigned by) { return x << by | x >> (32 - by); }

static const uint8_t SIGMA[17] = "expand 32-byte k";

/** Salsa20's core, or HSalsa20's with `is_hash`: 64 or 32 bytes out. */
static void salsa_core(uint8_t *out, const uint8_t in[16], const uint8_t key[32], int is_hash) {
  uint32_t w[16], x[16], y[16], t[4];
  unsigned i, j, m;
  for (i = 0; i < 4; i++) {
    x[5 * i] = load32(SIGMA + 4 * i);
    x[1 + i] = load32(key + 4 * i);
    x[6 + i] = load32(in + 4 * i);
    x[11 + i] = load32(key + 16 + 4 * i);
  }
  memcpy(y, x, sizeof y);
  for (i = 0; i < 20; i++) {
    for (j = 0; j < 4; j++) {
      for (m = 0; m < 4; m++) t[m] = x[(5 * j + 4 * m) % 16];
      t[1] ^= rotate32(t[0] + t[3], 7);
      t[2] ^= rotate32(t[1] + t[0], 9);
      t[3] ^= rotate32(t[2] + t[1], 13);
      t[0] ^= rotate32(t[3] + t[2], 18);
      for (m = 0; m < 4; m++) w[4 * j + (j + m) % 4] = t[m];
    }
    memcpy(x, w, sizeof x);
  }
  if (!is_hash) {
    for (i = 0; i < 16; i++) store32(out + 4 * i, x[i] + y[i]);
    return;
  }
  /* The words that the key did not fill. */
  for (i = 0; i < 4; i++) {
    store32(out + 4 * i, x[5 * i]);
    store32(out + 16 + 4 * i, x[6 + i]);
  }
}

/**
 * XSalsa20 with the first `skip` bytes of its stream left out for a Poly1305 key: exclusive-ors
 * `text` in place, and gives those bytes in `first`.
 */
static void xsalsa(uint8_t first[32], uint8_t *text, size_t size, const uint8_t nonce[24],
                   const uint8_t key[32]) {
  uint8_t subkey[32], in[16], block[64];
  size_t used = 32, i;
  uint32_t count = 0;
  salsa_core(subkey, nonce, key, 1);
  memcpy(in, nonce + 16, 8);
  memset(in + 8, 0, 8);
  salsa_core(block, in, subkey, 0);
  memcpy(first, block, 32);
  for (i = 0; i < size; i++) {
    if (used == 64) {
      /* A datagram has few blocks: the counter's upper half stays zero. */
      store32(in + 8, ++count);
      salsa_core(block, in, subkey, 0);
      used = 0;
    }
    text[i] = (uint8_t)(text[i] ^ block[used++]);
  }
  wipe(subkey, sizeof subkey);
  wipe(block, sizeof block);
}

static void add1305(uint32_t h[17], const uint32_t c[17]) {
  uint32_t u = 0;
  unsigned j;
  for (j = 0; j < 17; j++) {
    u += h[j] + c[j];
    h[j] = u & 255;
    u >>= 8;
  }
}

static const uint32_t MINUS_P[17] = {5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 252};

static void poly1305(uint8_t tag[16], const uint8_t *text, size_t size, const uint8_t key[32]) {
  uint32_t x[17], r[17], h[17] = {0}, c[17], g[17], u, s;
  unsigned i, j;
  for (j = 0; j < 16; j++) r[j] = key[j];
  r[16] = 0;
  for (j = 3; j < 16; j += 4) r[j] &= 15;
  for (j = 4; j < 16; j += 4) r[j] &= 252;
  while (size > 0) {
    memset(c, 0, sizeof c);
    for (j = 0; j < 16 && j < size; j++) c[j] = text[j];
    c[j] = 1;
    text += j;
    size -= j;
    add1305(h, c);
    for (i = 0; i < 17; i++) {
      x[i] = 0;
      for (j = 0; j < 17; j++) x[i] += h[j] * (j <= i ? r[i - j] : 320 * r[i + 17 - j]);
    }
    memcpy(h, x, sizeof h);
    u = 0;
    for (j = 0; j < 16; j++) {
      u += h[j];
      h[j] = u & 255;
      u >>= 8;
    }
    u += h[16];
    h[16] = u & 3;
    u = 5 * (u >> 2);
    for (j = 0; j < 16; j++) {
      u += h[j];
      h[j] = u & 255;
      u >>= 8;
    }
    h[16] += u;
  }
  memcpy(g, h, sizeof g);
  add1305(h, MINUS_P);
  s = 0u - (h[16] >> 7);
  for (j = 0; j < 17; j++) h[j] ^= s & (g[j] ^ h[j]);
  for (j = 0; j < 16; j++) c[j] = key[16 + j];
  c[16] = 0;
  add1305(h, c);
  for (j = 0; j < 16; j++) tag[j] = (uint8_t)h[j];
}

/** Seals `text` in place; the tag goes where the caller wants it. */
static void seal(uint8_t tag[16], uint8_t *text, size_t size, const uint8_t nonce[24],
                 const uint8_t key[32]) {
  uint8_t first[32];
  xsalsa(first, text, size, nonce, key);
  poly1305(tag, text, size, first);
  wipe(first, sizeof first);
}

/** Opens `tag ‖ ciphertext` in place; 0 when it was not sealed with this key and nonce. */
static int open_sealed(const uint8_t tag[16], uint8_t *text, size_t size, const uint8_t nonce[24],
                       const uint8_t key[32]) {
  uint8_t first[32], expected[16];
  int is_genuine;
  xsalsa(first, NULL, 0, nonce, key);
  poly1305(expected, text, size, first);
  is_genuine = equal_bytes(tag, expected, 16);
  if (is_genuine) xsalsa(first, text, size, nonce, key);
  wipe(first, sizeof first);
  return is_genuine;
}

/* --- SHA-512 --- */

static uint64_t load64(const uint8_t *x) {
  uint64_t u = 0;
  unsigned i;
  for (i = 0; i < 8; i++) u = u << 8 | x[i];
  return u;
}

static uint64_t rotate64(uint64_t x, unsigned by) { return x >> by | x << (64 - by); }

static const uint64_t ROUNDS[80] = {
  0x428a2f98d728ae22ULL, 0x7137449123ef65cdULL, 0xb5c0fbcfec4d3b2fULL,
  0xe9b5dba58189dbbcULL, 0x3956c25bf348b538ULL, 0x59f111f1b605d019ULL,
  0x923f82a4af194f9bULL, 0xab1c5ed5da6d8118ULL, 0xd807aa98a3030242ULL,
  0x12835b0145706fbeULL, 0x243185be4ee4b28cULL, 0x550c7dc3d5ffb4e2ULL,
  0x72be5d74f27b896fULL, 0x80deb1fe3b1696b1ULL, 0x9bdc06a725c71235ULL,
  0xc19bf174cf692694ULL, 0xe49b69c19ef14ad2ULL, 0xefbe4786384f25e3ULL,
  0x0fc19dc68b8cd5b5ULL, 0x240ca1cc77ac9c65ULL, 0x2de92c6f592b0275ULL,
  0x4a7484aa6ea6e483ULL, 0x5cb0a9dcbd41fbd4ULL, 0x76f988da831153b5ULL,
  0x983e5152ee66dfabULL, 0xa831c66d2db43210ULL, 0xb00327c898fb213fULL,
  0xbf597fc7beef0ee4ULL, 0xc6e00bf33da88fc2ULL, 0xd5a79147930aa725ULL,
  0x06ca6351e003826fULL, 0x142929670a0e6e70ULL, 0x27b70a8546d22ffcULL,
  0x2e1b21385c26c926ULL, 0x4d2c6dfc5ac42aedULL, 0x53380d139d95b3dfULL,
  0x650a73548baf63deULL, 0x766a0abb3c77b2a8ULL, 0x81c2c92e47edaee6ULL,
  0x92722c851482353bULL, 0xa2bfe8a14cf10364ULL, 0xa81a664bbc423001ULL,
  0xc24b8b70d0f89791ULL, 0xc76c51a30654be30ULL, 0xd192e819d6ef5218ULL,
  0xd69906245565a910ULL, 0xf40e35855771202aULL, 0x106aa07032bbd1b8ULL,
  0x19a4c116b8d2d0c8ULL, 0x1e376c085141ab53ULL, 0x2748774cdf8eeb99ULL,
  0x34b0bcb5e19b48a8ULL, 0x391c0cb3c5c95a63ULL, 0x4ed8aa4ae3418acbULL,
  0x5b9cca4f7763e373ULL, 0x682e6ff3d6b2b8a3ULL, 0x748f82ee5defb2fcULL,
  0x78a5636f43172f60ULL, 0x84c87814a1f0ab72ULL, 0x8cc702081a6439ecULL,
  0x90befffa23631e28ULL, 0xa4506cebde82bde9ULL, 0xbef9a3f7b2c67915ULL,
  0xc67178f2e372532bULL, 0xca273eceea26619cULL, 0xd186b8c721c0c207ULL,
  0xeada7dd6cde0eb1eULL, 0xf57d4f7fee6ed178ULL, 0x06f067aa72176fbaULL,
  0x0a637dc5a2c898a6ULL, 0x113f9804bef90daeULL, 0x1b710b35131c471bULL,
  0x28db77f523047d84ULL, 0x32caab7b40c72493ULL, 0x3c9ebe0a15c9bebcULL,
  0x431d67c49c100d4cULL, 0x4cc5d4becb3e42b6ULL, 0x597f299cfc657e2aULL,
  0x5fcb6fab3ad6faecULL, 0x6c44198c4a475817ULL,
};

static const uint64_t SHA_START[8] = {
  0x6a09e667f3bcc908ULL, 0xbb67ae8584caa73bULL, 0x3c6ef372fe94f82bULL, 0xa54ff53a5f1d36f1ULL,
  0x510e527fade682d1ULL, 0x9b05688c2b3e6c1fULL, 0x1f83d9abfb41bd6bULL, 0x5be0cd19137e2179ULL,
};

static void sha512_block(uint64_t z[8], const uint8_t block[128]) {
  uint64_t a[8], b[8], w[16], t;
  unsigned i, j;
  for (i = 0; i < 16; i++) w[i] = load64(block + 8 * i);
  memcpy(a, z, sizeof a);
  for (i = 0; i < 80; i++) {
    memcpy(b, a, sizeof b);
    t = a[7] + (rotate64(a[4], 14) ^ rotate64(a[4], 18) ^ rotate64(a[4], 41)) +
        ((a[4] & a[5]) ^ (~a[4] & a[6])) + ROUNDS[i] + w[i % 16];
    b[7] = t + (rotate64(a[0], 28) ^ rotate64(a[0], 34) ^ rotate64(a[0], 39)) +
           ((a[0] & a[1]) ^ (a[0] & a[2]) ^ (a[1] & a[2]));
    b[3] += t;
    for (j = 0; j < 8; j++) a[(j + 1) % 8] = b[j];
    if (i % 16 != 15) continue;
    for (j = 0; j < 16; j++) {
      const uint64_t x = w[(j + 1) % 16], y = w[(j + 14) % 16];
      w[j] += w[(j + 9) % 16] + (rotate64(x, 1) ^ rotate64(x, 8) ^ x >> 7) +
              (rotate64(y, 19) ^ rotate64(y, 61) ^ y >> 6);
    }
  }
  for (i = 0; i < 8; i++) z[i] += a[i];
}

/** SHA-512 of several pieces, one behind the other. */
static void sha512(uint8_t out[64], const span *pieces, size_t count) {
  uint64_t z[8], total = 0;
  uint8_t block[128];
  size_t fill = 0, p, i;
  memcpy(z, SHA_START, sizeof z);
  for (p = 0; p < count; p++) {
    total += pieces[p].size;
    for (i = 0; i < pieces[p].size; i++) {
      block[fill++] = pieces[p].at[i];
      if (fill < 128) continue;
      sha512_block(z, block);
      fill = 0;
    }
  }
  block[fill++] = 0x80;
  if (fill > 112) {
    memset(block + fill, 0, 128 - fill);
    sha512_block(z, block);
    fill = 0;
  }
  memset(block + fill, 0, 128 - fill);
  for (i = 0; i < 8; i++) block[127 - i] = (uint8_t)(total * 8 >> 8 * i);
  sha512_block(z, block);
  for (i = 0; i < 64; i++) out[i] = (uint8_t)(z[i / 8] >> (56 - 8 * (i % 8)));
  wipe(block, sizeof block);
}

/* --- numbers modulo 2^255 - 19 --- */

/** Sixteen digits of 16 bits, with room for carries of either sign. */
typedef int64_t field[16];

static const field NUMBER_0 = {0};
static const field NUMBER_1 = {1};
static const field NUMBER_121665 = {0xdb41, 1};
static const field CURVE_D = {0x78a3, 0x1359, 0x4dca, 0x75eb, 0xd8ab, 0x4141, 0x0a4d, 0x0070,
                               0xe898, 0x7779, 0x4079, 0x8cc7, 0xfe73, 0x2b6f, 0x6cee, 0x5203};
static const field CURVE_D2 = {0xf159, 0x26b2, 0x9b94, 0xebd6, 0xb156, 0x8283, 0x149a, 0x00e0,
                                0xd130, 0xeef3, 0x80f2, 0x198e, 0xfce7, 0x56df, 0xd9dc, 0x2406};
static const field BASE_X = {0xd51a, 0x8f25, 0x2d60, 0xc956, 0xa7b2, 0x9525, 0xc760, 0x692c,
                              0xdc5c, 0xfdd6, 0xe231, 0xc0a4, 0x53fe, 0xcd6e, 0x36d3, 0x2169};
static const field BASE_Y = {0x6658, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666,
                              0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666};
static const field ROOT_MINUS_1 = {0xa0b0, 0x4a0e, 0x1b27, 0xc4ee, 0xe478, 0xad2f, 0x1806, 0x2f43,
                                    0xd7a7, 0x3dfb, 0x0099, 0x2b4d, 0xdf0b, 0x4fc1, 0x2480, 0x2b83};

static void copy_number(field out, const field in) { memcpy(out, in, sizeof(field)); }

/** Division by 2^16 that rounds down, whatever the compiler does with a negative number's shift. */
static int64_t high_part(int64_t x) { return (x - (x & 0xffff)) / 0x10000; }

static void carry_number(field o) {
  unsigned i;
  for (i = 0; i < 16; i++) {
    const int64_t c = high_part(o[i]);
    o[i] -= c * 0x10000;
    if (i < 15) o[i + 1] += c;
    else o[0] += 38 * c;
  }
}

/** Swaps two numbers when `is_swap` is 1, in a time that does not depend on it. */
static void swap_numbers(field p, field q, int is_swap) {
  const int64_t mask = -(int64_t)is_swap;
  unsigned i;
  for (i = 0; i < 16; i++) {
    const int64_t t = mask & (p[i] ^ q[i]);
    p[i] ^= t;
    q[i] ^= t;
  }
}

static void pack_number(uint8_t out[32], const field n) {
  field m, t;
  unsigned i, j;
  copy_number(t, n);
  carry_number(t);
  carry_number(t);
  carry_number(t);
  for (j = 0; j < 2; j++) {
    m[0] = t[0] - 0xffed;
    for (i = 1; i < 15; i++) {
      m[i] = t[i] - 0xffff - (m[i - 1] < 0);
      m[i - 1] &= 0xffff;
    }
    m[15] = t[15] - 0x7fff - (m[14] < 0);
    m[14] &= 0xffff;
    swap_numbers(t, m, m[15] >= 0);
  }
  for (i = 0; i < 16; i++) {
    out[2 * i] = (uint8_t)(t[i] & 0xff);
    out[2 * i + 1] = (uint8_t)((t[i] >> 8) & 0xff);
  }
}

static void unpack_number(field out, const uint8_t in[32]) {
  unsigned i;
  for (i = 0; i < 16; i++) out[i] = in[2 * i] + (int64_t)in[2 * i + 1] * 256;
  out[15] &= 0x7fff;
}

static int is_other_number(const field a, const field b) {
  uint8_t c[32], d[32];
  pack_number(c, a);
  pack_number(d, b);
  return !equal_bytes(c, d, 32);
}

static int is_odd(const field a) {
  uint8_t packed[32];
  pack_number(packed, a);
  return packed[0] & 1;
}

static void add_numbers(field o, const field a, const field b) {
  unsigned i;
  for (i = 0; i < 16; i++) o[i] = a[i] + b[i];
}

static void subtract(field o, const field a, const field b) {
  unsigned i;
  for (i = 0; i < 16; i++) o[i] = a[i] - b[i];
}

static void multiply(field o, const field a, const field b) {
  int64_t t[31] = {0};
  unsigned i, j;
  for (i = 0; i < 16; i++)
    for (j = 0; j < 16; j++) t[i + j] += a[i] * b[j];
  for (i = 0; i < 15; i++) t[i] += 38 * t[i + 16];
  for (i = 0; i < 16; i++) o[i] = t[i];
  carry_number(o);
  carry_number(o);
}

static void square(field o, const field a) { multiply(o, a, a); }

static void invert(field o, const field in) {
  field c;
  int a;
  copy_number(c, in);
  for (a = 253; a >= 0; a--) {
    square(c, c);
    if (a != 2 && a != 4) multiply(c, c, in);
  }
  copy_number(o, c);
}

/** in^((p-5)/8) */
static void power_2523(field o, const field in) {
  field c;
  int a;
  copy_number(c, in);
  for (a = 250; a >= 0; a--) {
    square(c, c);
    if (a != 1) multiply(c, c, in);
  }
  copy_number(o, c);
}

/* --- X25519 --- */

static void x25519(uint8_t out[32], const uint8_t secret[32], const uint8_t point[32]) {
  uint8_t z[32];
  field x, a, b, c, d, e, f;
  int i;
  memcpy(z, secret, 32);
  z[0] &= 248;
  z[31] = (uint8_t)((z[31] & 127) | 64);
  unpack_number(x, point);
  copy_number(a, NUMBER_1);
  copy_number(b, x);
  copy_number(c, NUMBER_0);
  copy_number(d, NUMBER_1);
  for (i = 254; i >= 0; i--) {
    const int bit = (z[i / 8] >> (i % 8)) & 1;
    swap_numbers(a, b, bit);
    swap_numbers(c, d, bit);
    add_numbers(e, a, c);
    subtract(a, a, c);
    add_numbers(c, b, d);
    subtract(b, b, d);
    square(d, e);
    square(f, a);
    multiply(a, c, a);
    multiply(c, b, e);
    add_numbers(e, a, c);
    subtract(a, a, c);
    square(b, a);
    subtract(c, d, f);
    multiply(a, c, NUMBER_121665);
    add_numbers(a, a, d);
    multiply(c, c, a);
    multiply(a, d, f);
    multiply(d, b, x);
    square(b, e);
    swap_numbers(a, b, bit);
    swap_numbers(c, d, bit);
  }
  invert(c, c);
  multiply(a, a, c);
  pack_number(out, a);
  wipe(z, sizeof z);
}

static const uint8_t NINE[32] = {9};

/* --- Ed25519, verification only --- */

typedef field curve_point[4];

static void add_point(curve_point p, curve_point q) {
  field a, b, c, d, e, f, g, h, t;
  subtract(a, p[1], p[0]);
  subtract(t, q[1], q[0]);
  multiply(a, a, t);
  add_numbers(b, p[0], p[1]);
  add_numbers(t, q[0], q[1]);
  multiply(b, b, t);
  multiply(c, p[3], q[3]);
  multiply(c, c, CURVE_D2);
  multiply(d, p[2], q[2]);
  add_numbers(d, d, d);
  subtract(e, b, a);
  subtract(f, d, c);
  add_numbers(g, d, c);
  add_numbers(h, b, a);
  multiply(p[0], e, f);
  multiply(p[1], h, g);
  multiply(p[2], g, f);
  multiply(p[3], e, h);
}

static void pack_point(uint8_t out[32], curve_point p) {
  field tx, ty, zi;
  invert(zi, p[2]);
  multiply(tx, p[0], zi);
  multiply(ty, p[1], zi);
  pack_number(out, ty);
  out[31] = (uint8_t)(out[31] ^ is_odd(tx) << 7);
}

/** The negative of an encoded point; 0 when it is not on the curve. */
static int unpack_negative(curve_point r, const uint8_t p[32]) {
  field t, check, num, den, den2, den4, den6;
  copy_number(r[2], NUMBER_1);
  unpack_number(r[1], p);
  square(num, r[1]);
  multiply(den, num, CURVE_D);
  subtract(num, num, r[2]);
  add_numbers(den, r[2], den);
  square(den2, den);
  square(den4, den2);
  multiply(den6, den4, den2);
  multiply(t, den6, num);
  multiply(t, t, den);
  power_2523(t, t);
  multiply(t, t, num);
  multiply(t, t, den);
  multiply(t, t, den);
  multiply(r[0], t, den);
  square(check, r[0]);
  multiply(check, check, den);
  if (is_other_number(check, num)) multiply(r[0], r[0], ROOT_MINUS_1);
  square(check, r[0]);
  multiply(check, check, den);
  if (is_other_number(check, num)) return 0;
  if (is_odd(r[0]) == p[31] >> 7) subtract(r[0], NUMBER_0, r[0]);
  multiply(r[3], r[0], r[1]);
  return 1;
}

static const uint8_t GROUP_ORDER[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                        0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                        0,    0,    0,    0,    0,    0,    0,    0,
                                        0,    0,    0,    0,    0,    0,    0,    0x10};
static const uint8_t PRIME[32] = {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

/** y of the points whose order divides eight, the sign of x left out: 0, 1, -1 and two more. */
static const uint8_t SMALL_ORDER[5][32] = {
  {0},
  {1},
  {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
  {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
   0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
  {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
   0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/** Whether a little-endian number is below another. Both are public. */
static int is_below(const uint8_t value[32], const uint8_t bound[32]) {
  int i;
  for (i = 31; i >= 0; i--)
    if (value[i] != bound[i]) return value[i] < bound[i];
  return 0;
}

/** Whether a key is canonical and not of small order: under such a one a signature can fit all. */
static int is_sound_key(const uint8_t key[32]) {
  uint8_t y[32];
  unsigned i;
  memcpy(y, key, 32);
  y[31] &= 0x7f;
  if (!is_below(y, PRIME)) return 0;
  for (i = 0; i < 5; i++)
    if (memcmp(y, SMALL_ORDER[i], 32) == 0) return 0;
  return 1;
}

/** A 512-bit number modulo the group's order. */
static void reduce(uint8_t out[32], const uint8_t in[64]) {
  int64_t x[64], carry;
  int i, j;
  for (i = 0; i < 64; i++) x[i] = in[i];
  for (i = 63; i >= 32; i--) {
    carry = 0;
    for (j = i - 32; j < i - 12; j++) {
      x[j] += carry - 16 * x[i] * GROUP_ORDER[j - (i - 32)];
      carry = (x[j] + 128 - ((x[j] + 128) & 255)) / 256;
      x[j] -= carry * 256;
    }
    x[j] += carry;
    x[i] = 0;
  }
  carry = 0;
  for (j = 0; j < 32; j++) {
    x[j] += carry - ((x[31] - (x[31] & 15)) / 16) * GROUP_ORDER[j];
    carry = (x[j] - (x[j] & 255)) / 256;
    x[j] &= 255;
  }
  for (j = 0; j < 32; j++) x[j] -= carry * GROUP_ORDER[j];
  for (i = 0; i < 32; i++) {
    x[i + 1] += (x[i] - (x[i] & 255)) / 256;
    out[i] = (uint8_t)(x[i] & 255);
  }
}

/** Whether a signature is genuine, strictly, as the page says. Nothing in it is secret. */
static int verify(const span *message, size_t count, const uint8_t signature[64],
                  const uint8_t key[32]) {
  span pieces[8];
  uint8_t hash[64], k[32], encoded[32];
  /* The sum of what the two numbers' bits ask for: nothing, B, -A, or both. */
  curve_point sum, table[3];
  int i;
  if (count > 6 || !is_sound_key(key) || !is_below(signature + 32, GROUP_ORDER)) return 0;
  if (!unpack_negative(table[1], key)) return 0;
  pieces[0] = span_of(signature, 32);
  pieces[1] = span_of(key, 32);
  memcpy(pieces + 2, message, count * sizeof *message);
  sha512(hash, pieces, count + 2);
  reduce(k, hash);
  copy_number(table[0][0], BASE_X);
  copy_number(table[0][1], BASE_Y);
  copy_number(table[0][2], NUMBER_1);
  multiply(table[0][3], BASE_X, BASE_Y);
  memcpy(table[2], table[1], sizeof(curve_point));
  add_point(table[2], table[0]);
  copy_number(sum[0], NUMBER_0);
  copy_number(sum[1], NUMBER_1);
  copy_number(sum[2], NUMBER_1);
  copy_number(sum[3], NUMBER_0);
  for (i = 255; i >= 0; i--) {
    const int of_base = (signature[32 + i / 8] >> (i % 8)) & 1;
    const int of_key = (k[i / 8] >> (i % 8)) & 1;
    curve_point twice;
    memcpy(twice, sum, sizeof twice);
    add_point(sum, twice);
    if (of_base + 2 * of_key > 0) add_point(sum, table[of_base + 2 * of_key - 1]);
  }
  pack_point(encoded, sum);
  return equal_bytes(encoded, signature, 32);
}

/* ---------------------------------------------------------------------------------------------------
 * MessagePack
 * ------------------------------------------------------------------------------------------------ */

/** Bytes that were walked through before: no field of them is cut short. `bad`: one did not fit. */
typedef struct reader {
  const uint8_t *at;
  const uint8_t *end;
  int bad;
} reader;

static uint32_t take_uint(const uint8_t *at, unsigned width) {
  uint32_t value = 0;
  while (width-- > 0) value = value << 8 | *at++;
  return value;
}

/** The code point at the start of some UTF-8, and its size; size 0 when it is none. */
static uint32_t take_character(const uint8_t *at, size_t left, size_t *size) {
  static const uint32_t LEAST[5] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t point;
  size_t width, i;
  *size = 0;
  if (at[0] < 0x80) {
    *size = 1;
    return at[0];
  }
  width = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  if (at[0] < 0xc2 || at[0] > 0xf4 || width > left) return 0;
  point = at[0] & (0x7fu >> width);
  for (i = 1; i < width; i++) {
    if ((at[i] & 0xc0) != 0x80) return 0;
    point = point << 6 | (at[i] & 0x3fu);
  }
  if (point < LEAST[width] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return 0;
  *size = width;
  return point;
}

static int is_utf8(span text) {
  size_t i = 0, size;
  while (i < text.size) {
    const uint32_t point = take_character(text.at + i, text.size - i, &size);
    if (size == 0 || (i == 0 && point == 0xfeff)) return 0;
    i += size;
  }
  return 1;
}

typedef enum value_kind {
  VALUE_OTHER,
  VALUE_NIL,
  VALUE_FLAG,
  VALUE_UINT,
  VALUE_TEXT,
  VALUE_BINARY,
  VALUE_ARRAY
} value_kind;

/** One value's head: what it is, and how much belongs to it. */
typedef struct value_head {
  value_kind kind;
  /** The number, the flag, the length or the count. */
  uint32_t value;
  /** Bytes of the head itself. */
  size_t size;
} value_head;

/** Reads a head in its shortest form; VALUE_OTHER when it is anything else, or cut short. */
static value_head take_head(span bytes) {
  static const struct {
    uint8_t first;
    value_kind kind;
    unsigned width;
    uint32_t least;
  } FORMS[] = {
    {0xc0, VALUE_NIL, 0, 0},        {0xc2, VALUE_FLAG, 0, 0},       {0xc3, VALUE_FLAG, 0, 0},
    {0xcc, VALUE_UINT, 1, 0x80},    {0xcd, VALUE_UINT, 2, 0x100},   {0xce, VALUE_UINT, 4, 0x10000},
    {0xd9, VALUE_TEXT, 1, 0x20},    {0xda, VALUE_TEXT, 2, 0x100},   {0xc4, VALUE_BINARY, 1, 0},
    {0xc5, VALUE_BINARY, 2, 0x100}, {0xdc, VALUE_ARRAY, 2, 0x10},
  };
  value_head found = {VALUE_OTHER, 0, 1};
  uint8_t first;
  size_t i;
  if (bytes.size == 0) return found;
  first = bytes.at[0];
  if (first <= 0x7f) {
    found.kind = VALUE_UINT;
    found.value = first;
  } else if ((first & 0xf0) == 0x90) {
    found.kind = VALUE_ARRAY;
    found.value = first & 0x0fu;
  } else if ((first & 0xe0) == 0xa0) {
    found.kind = VALUE_TEXT;
    found.value = first & 0x1fu;
  } else {
    for (i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
      if (FORMS[i].first != first || bytes.size < 1u + FORMS[i].width) continue;
      found.value = FORMS[i].width == 0 ? first & 1u : take_uint(bytes.at + 1, FORMS[i].width);
      if (found.value < FORMS[i].least) return found;
      found.size = 1u + FORMS[i].width;
      found.kind = FORMS[i].kind;
    }
  }
  return found;
}

/** The size of the one canonical value at the start of some bytes; 0 when there is none. */
static size_t scan(span bytes) {
  /* Items that are still to come, by depth. */
  uint32_t left[MSGPACK_DEPTH_MAX + 1];
  size_t at = 0, items = 0;
  int depth = 0;
  left[0] = 1;
  for (;;) {
    const span rest = span_of(bytes.at + at, bytes.size - at);
    const value_head next = take_head(rest);
    if (next.kind == VALUE_OTHER || ++items > MSGPACK_ITEMS_MAX) return 0;
    at += next.size;
    left[depth]--;
    if (next.kind == VALUE_TEXT || next.kind == VALUE_BINARY) {
      if (next.value > bytes.size - at) return 0;
      if (next.kind == VALUE_TEXT && !is_utf8(span_of(bytes.at + at, next.value))) return 0;
      at += next.value;
    }
    if (next.kind == VALUE_ARRAY) {
      if (depth >= MSGPACK_DEPTH_MAX || next.value > bytes.size - at) return 0;
      left[++depth] = next.value;
    }
    while (left[depth] == 0) {
      if (depth-- == 0) return at;
    }
  }
}

/** A reader of exactly these bytes; `bad` when they are not one canonical value. */
static reader read_whole(span bytes) {
  reader made;
  made.at = bytes.at;
  made.end = bytes.at + bytes.size;
  made.bad = scan(bytes) != bytes.size || bytes.size == 0;
  return made;
}

/** The same, where nothing but zero bytes may follow. */
static reader read_padded(span bytes) {
  const size_t size = scan(bytes);
  reader made;
  made.at = bytes.at;
  made.end = bytes.at + size;
  made.bad = size == 0 || !all_zero(bytes.at + size, bytes.size - size);
  return made;
}

/** The next head when it is of a kind and its number between two; else the reader is bad. */
static value_head take(reader *r, value_kind kind, uint32_t least, uint32_t most) {
  value_head none = {VALUE_OTHER, 0, 0};
  value_head next;
  if (r->bad) return none;
  next = take_head(span_of(r->at, (size_t)(r->end - r->at)));
  if (next.kind != kind || next.value < least || next.value > most) {
    r->bad = 1;
    return none;
  }
  r->at += next.size;
  return next;
}

static uint32_t read_uint(reader *r, uint32_t least, uint32_t most) {
  return take(r, VALUE_UINT, least, most).value;
}

static int read_flag(reader *r) { return take(r, VALUE_FLAG, 0, 1).value != 0; }

/** The count of an array, whose items are read next. */
static uint32_t read_array(reader *r, uint32_t least, uint32_t most) {
  return take(r, VALUE_ARRAY, least, most).value;
}

static span read_binary(reader *r, size_t least, size_t most) {
  const value_head next = take(r, VALUE_BINARY, (uint32_t)least, (uint32_t)most);
  const span found = span_of(r->at, next.value);
  if (r->bad) return span_of(NULL, 0);
  r->at += next.value;
  return found;
}

/** Whether a nil is next; it is read over. */
static int read_nil(reader *r) {
  if (r->bad || r->at == r->end || *r->at != 0xc0) return 0;
  r->at++;
  return 1;
}

/** Not in any text: what could lie on a screen. */
static int is_plain_character(uint32_t c) {
  return c >= 0x20 && !(c >= 0x7f && c <= 0x9f) && !(c >= 0x2028 && c <= 0x202e) &&
         !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

/** UTF-16 units of a plain text in UTF-8, or SIZE_MAX when it is none. */
static size_t text_units(span text) {
  size_t units = 0, i = 0, size;
  while (i < text.size) {
    const uint32_t c = take_character(text.at + i, text.size - i, &size);
    if (size == 0 || !is_plain_character(c)) return SIZE_MAX;
    units += c > 0xffff ? 2 : 1;
    i += size;
  }
  return units;
}

static span read_text(reader *r, size_t least, size_t most) {
  const value_head next = take(r, VALUE_TEXT, 0, 0xffff);
  const span found = span_of(r->at, next.value);
  size_t units;
  if (r->bad) return span_of(NULL, 0);
  units = text_units(found);
  if (units < least || units > most) r->bad = 1;
  r->at += next.value;
  return r->bad ? span_of(NULL, 0) : found;
}

/** Reads over the values that follow in an array: fields of a later minor version. */
static void skip_values(reader *r, uint32_t count) {
  while (count-- > 0 && !r->bad) {
    const size_t size = scan(span_of(r->at, (size_t)(r->end - r->at)));
    if (size == 0) r->bad = 1;
    r->at += size;
  }
}

static int is_complete(const reader *r) { return !r->bad && r->at == r->end; }

/** Bytes that are written one behind the other; `full` when there was no room. */
typedef struct writer {
  uint8_t *at;
  uint8_t *end;
  int full;
} writer;

static void put_bytes(writer *w, const void *bytes, size_t size) {
  if (w->full || size > (size_t)(w->end - w->at)) {
    w->full = 1;
    return;
  }
  if (size > 0) memcpy(w->at, bytes, size);
  w->at += size;
}

static void put_byte(writer *w, uint32_t byte) {
  const uint8_t one = (uint8_t)byte;
  put_bytes(w, &one, 1);
}

static void put_number(writer *w, uint32_t value, unsigned width) {
  while (width-- > 0) put_byte(w, value >> 8 * width & 0xff);
}

static void put_uint(writer *w, uint32_t value) {
  if (value <= 0x7f) put_byte(w, value);
  else if (value <= 0xff) put_byte(w, 0xcc), put_number(w, value, 1);
  else if (value <= 0xffff) put_byte(w, 0xcd), put_number(w, value, 2);
  else put_byte(w, 0xce), put_number(w, value, 4);
}

static void put_nil(writer *w) { put_byte(w, 0xc0); }
static void put_flag(writer *w, int flag) { put_byte(w, flag ? 0xc3 : 0xc2); }

static void put_array(writer *w, size_t count) {
  if (count <= 15) put_byte(w, 0x90 | (uint32_t)count);
  else put_byte(w, 0xdc), put_number(w, (uint32_t)count, 2);
}

static void put_binary(writer *w, const uint8_t *bytes, size_t size) {
  if (size <= 0xff) put_byte(w, 0xc4), put_number(w, (uint32_t)size, 1);
  else put_byte(w, 0xc5), put_number(w, (uint32_t)size, 2);
  put_bytes(w, bytes, size);
}

static void put_text(writer *w, span text) {
  const uint32_t size = (uint32_t)text.size;
  if (text.size > 0xffff) w->full = 1;
  else if (size <= 31) put_byte(w, 0xa0 | size);
  else if (size <= 0xff) put_byte(w, 0xd9), put_number(w, size, 1);
  else put_byte(w, 0xda), put_number(w, size, 2);
  put_bytes(w, text.at, text.size);
}

/* ---------------------------------------------------------------------------------------------------
 * Documents: the license, certificates, activation, revocations
 * ------------------------------------------------------------------------------------------------ */

typedef enum fault {
  FINE,
  MALFORMED,
  OTHER_KIND,
  NEWER_FORMAT,
  BAD_SIGNATURE,
  FAULT_CERTIFICATE_USE,
  FAULT_CERTIFICATE_DATE
} fault;

enum { USE_LICENSES = 1, USE_ACTIVATIONS = 2 };

/** By whom a document is. The vendor is the root key, whichever key signed. */
typedef struct origin {
  uint8_t vendor[KEY_SIZE];
  uint8_t signer[KEY_SIZE];
  int is_certified;
  uint32_t uses, starts, ends;
  /** The format version of the document. */
  uint32_t version;
} origin;

static void hash_of(uint8_t out[HASH_SIZE], span bytes) {
  uint8_t whole[64];
  sha512(whole, &bytes, 1);
  memcpy(out, whole, HASH_SIZE);
}

static int text_is(span text, const char *word) {
  return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

static fault read_certificate(span document, origin *by);

/**
 * Opens the envelope of a document of `kind` ("license") and checks its signature; `payload` is then
 * to be read. `may_be_certified`: its signer may be a certificate.
 */
static fault open_envelope(span document, const char *kind, int may_be_certified, origin *by,
                           span *payload) {
  static const char PREFIX[] = "usher-";
  const size_t prefix = sizeof PREFIX - 1;
  uint8_t context[64];
  span name, signer, signature, message[3];
  uint32_t count, version;
  size_t length;
  fault found = FINE;
  reader r;
  if (document.size > DOCUMENT_MAX) return MALFORMED;
  r = read_whole(document);
  count = read_array(&r, 2, UINT_MAX32);
  name = read_text(&r, 0, 32);
  version = read_uint(&r, 0, UINT_MAX32);
  if (r.bad) return MALFORMED;
  if (name.size < prefix || memcmp(name.at, PREFIX, prefix) != 0) return MALFORMED;
  if (!text_is(span_of(name.at + prefix, name.size - prefix), kind)) return OTHER_KIND;
  if (version > (strcmp(kind, "license") == 0 ? 2u : 1u)) return NEWER_FORMAT;
  signer = read_binary(&r, 0, CERTIFICATE_MAX);
  *payload = read_binary(&r, 0, DOCUMENT_MAX);
  signature = read_binary(&r, SIGNATURE_SIZE, SIGNATURE_SIZE);
  if (count != 5 || version < 1 || !is_complete(&r)) return MALFORMED;
  memset(by, 0, sizeof *by);
  if (signer.size == KEY_SIZE) {
    memcpy(by->signer, signer.at, KEY_SIZE);
    memcpy(by->vendor, signer.at, KEY_SIZE);
  } else {
    if (!may_be_certified) return MALFORMED;
    found = read_certificate(signer, by);
    if (found != FINE) return found == OTHER_KIND ? MALFORMED : found;
  }
  by->version = version;
  length = (size_t)snprintf((char *)context, sizeof context, "usher %s %u", kind, (unsigned)version);
  message[0] = span_of(context, length + 1);
  message[1] = signer;
  message[2] = *payload;
  return verify(message, 3, signature.at, by->signer) ? FINE : BAD_SIGNATURE;
}

/** Reads the certificate that stands in place of a signer. */
static fault read_certificate(span document, origin *by) {
  origin root;
  span payload, key;
  uint32_t count;
  reader r;
  const fault found = open_envelope(document, "certificate", 0, &root, &payload);
  if (found != FINE) return found;
  r = read_whole(payload);
  count = read_array(&r, 5, 5);
  key = read_binary(&r, KEY_SIZE, KEY_SIZE);
  by->uses = read_uint(&r, 1, 7);
  by->starts = read_uint(&r, 0, UINT_MAX32);
  by->ends = read_uint(&r, 0, UINT_MAX32);
  read_uint(&r, 0, UINT_MAX32);
  if (count != 5 || !is_complete(&r) || by->ends <= by->starts) return MALFORMED;
  memcpy(by->signer, key.at, KEY_SIZE);
  memcpy(by->vendor, root.vendor, KEY_SIZE);
  by->is_certified = 1;
  return FINE;
}

/** Whether a certificate allows what it signed: the last question about a document. */
static fault check_certificate(const origin *by, uint32_t use, uint32_t issued) {
  if (!by->is_certified) return FINE;
  if ((by->uses & use) == 0) return FAULT_CERTIFICATE_USE;
  return issued >= by->starts && issued < by->ends ? FINE : FAULT_CERTIFICATE_DATE;
}

/* --- versions of applications --- */

typedef struct app_version {
  uint32_t parts[VERSION_PARTS_MAX];
  size_t count;
} app_version;

/** Reads `12.3.1`; 0 when it is none. */
static int read_version(span text, app_version *found) {
  size_t i = 0;
  memset(found, 0, sizeof *found);
  if (text.size > 0 && (text.at[0] == 'v' || text.at[0] == 'V')) i = 1;
  for (;;) {
    size_t digits = 0;
    uint32_t value = 0;
    for (; i < text.size && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
      if (++digits > 9) return 0;
      value = value * 10 + (uint32_t)(text.at[i] - '0');
    }
    if (digits == 0 || found->count == VERSION_PARTS_MAX) return 0;
    found->parts[found->count++] = value;
    if (i == text.size || text.at[i] == '-' || text.at[i] == '+') return 1;
    if (text.at[i++] != '.') return 0;
  }
}

static int compare_versions(const app_version *one, const app_version *other, size_t count) {
  size_t i;
  for (i = 0; i < count; i++)
    if (one->parts[i] != other->parts[i]) return one->parts[i] < other->parts[i] ? -1 : 1;
  return 0;
}

/** Whether a range covers a version; a span of NULL is no bound, or no version. */
static int covers_version(span oldest, span newest, span text) {
  app_version asked, bound;
  if (oldest.at == NULL && newest.at == NULL) return 1;
  if (text.at == NULL || !read_version(text, &asked)) return 0;
  if (oldest.at != NULL && read_version(oldest, &bound) &&
      compare_versions(&asked, &bound, VERSION_PARTS_MAX) < 0)
    return 0;
  /* The newest one is compared only as far as it goes. */
  return newest.at == NULL || !read_version(newest, &bound) ||
         compare_versions(&asked, &bound, bound.count) <= 0;
}

/* --- the license --- */

enum { FLOATING, NAMED, SERVER, STANDALONE };

/** What a client looks at in a license. Spans point into the document. */
typedef struct license {
  origin by;
  uint8_t hash[HASH_SIZE];
  span id, product;
  uint32_t type, issued, starts;
  int expires_ever;
  uint32_t expires;
  uint32_t pool_count;
  span classes[POOLS_MAX];
  /** The most seats of each pool, its stages counted. */
  uint32_t most[POOLS_MAX];
  /** How many generations of child licenses it allows; 0 for none. */
  uint32_t children_depth;
  uint32_t feature_count;
  span features[USHER_FEATURES_MAX];
  span oldest, newest, resource;
  int is_maintained_until;
  uint32_t maintenance;
  int needs_activation, allows_emergency;
  uint32_t emergency_longest, emergency_window, grace;
} license;

static span read_optional_text(reader *r, size_t most) {
  return read_nil(r) ? span_of(NULL, 0) : read_text(r, 1, most);
}

/** Reads stages; returns the most seats of them, or `seats` where that is more. */
static uint32_t read_stages(reader *r, uint32_t seats) {
  uint32_t left;
  for (left = read_array(r, 0, STAGES_MAX); left > 0 && !r->bad; left--) {
    uint32_t from, staged;
    read_array(r, 3, 3);
    from = read_uint(r, 0, UINT_MAX32);
    if (!read_nil(r) && read_uint(r, 0, UINT_MAX32) <= from) r->bad = 1;
    staged = read_uint(r, 0, SEATS_MAX);
    if (staged > seats) seats = staged;
  }
  return seats;
}

static void read_pool(reader *r, license *l) {
  uint32_t seats;
  read_array(r, 4, 4);
  l->classes[l->pool_count] = read_text(r, 1, NAME_MAX_UNITS);
  seats = read_uint(r, 0, SEATS_MAX);
  read_uint(r, 0, SEATS_MAX);
  l->most[l->pool_count++] = read_stages(r, seats);
}

/** How many generations of children are allowed. */
static uint32_t read_children(reader *r) {
  read_array(r, 2, 2);
  read_uint(r, 1, CHILDREN_MAX);
  return read_uint(r, 1, CHILDREN_DEPTH_MAX);
}

static span read_version_bound(reader *r) {
  const span text = read_optional_text(r, NAME_MAX_UNITS);
  app_version ignored;
  if (text.at != NULL && !read_version(text, &ignored)) r->bad = 1;
  return text;
}

/** Reads a nil or an address of HTTP; returns whether there is one. */
static int read_master(reader *r) {
  static const char *const SCHEMES[] = {"http://", "https://"};
  span url;
  size_t i, at = 0;
  if (read_nil(r)) return 0;
  url = read_text(r, 1, URL_MAX);
  for (i = 0; i < 2 && !r->bad; i++) {
    const size_t size = strlen(SCHEMES[i]);
    if (url.size > size && memcmp(url.at, SCHEMES[i], size) == 0) at = size;
  }
  if (at == 0) r->bad = 1;
  for (; at < url.size && !r->bad; at++)
    if (url.at[at] < 0x21 || url.at[at] > 0x7e) r->bad = 1;
  return 1;
}

static void read_activation_terms(reader *r, license *l) {
  if (read_nil(r)) return;
  l->needs_activation = 1;
  read_array(r, 4, 4);
  read_uint(r, 1, AGENTS_MAX);
  if (!read_nil(r)) {
    l->allows_emergency = 1;
    read_array(r, 2, 2);
    l->emergency_longest = read_uint(r, 1, EMERGENCY_MAX);
    l->emergency_window = read_uint(r, 1, UINT_MAX32);
  }
  if (!read_nil(r)) {
    read_array(r, 2, 2);
    read_uint(r, 1, UINT_MAX32);
    l->grace = read_uint(r, 0, UINT_MAX32);
  }
  (void)read_master(r);
}

static int are_distinct(const span *names, uint32_t count) {
  uint32_t i, j;
  for (i = 1; i < count; i++)
    for (j = 0; j < i; j++)
      if (spans_equal(names[i], names[j])) return 0;
  return 1;
}

static int read_meters(reader *r) {
  span names[METERS_MAX];
  const uint32_t count = read_array(r, 0, METERS_MAX);
  uint32_t i;
  for (i = 0; i < count && !r->bad; i++) {
    read_array(r, 2, 2);
    names[i] = read_text(r, 1, NAME_MAX_UNITS);
    read_uint(r, 0, UINT_MAX32);
  }
  return !r->bad && are_distinct(names, count);
}

static int read_supersedes(reader *r, span own) {
  span ids[SUPERSEDES_MAX + 1];
  const uint32_t count = read_array(r, 0, SUPERSEDES_MAX);
  uint32_t i;
  for (i = 0; i < count && !r->bad; i++) ids[i] = read_binary(r, LICENSE_ID_SIZE, LICENSE_ID_SIZE);
  ids[count] = own;
  return !r->bad && are_distinct(ids, count + 1);
}

/** The payload of a license, every field of it: what is signed has one reading. */
static int read_license_payload(span payload, uint32_t format, license *l) {
  reader r = read_whole(payload);
  const uint32_t fields = format == 1 ? 21 : 22;
  uint32_t i, count;
  int can_be_borrowed = 0, is_trial, has_host_code, has_pools, is_sound;
  read_array(&r, fields, fields);
  l->id = read_binary(&r, LICENSE_ID_SIZE, LICENSE_ID_SIZE);
  l->type = read_uint(&r, 0, STANDALONE);
  l->product = read_text(&r, 1, NAME_MAX_UNITS);
  read_text(&r, 1, TEXT_MAX);
  l->issued = read_uint(&r, 0, UINT_MAX32);
  l->starts = read_uint(&r, 0, UINT_MAX32);
  l->expires_ever = !read_nil(&r);
  if (l->expires_ever) l->expires = read_uint(&r, 0, UINT_MAX32);
  is_trial = !read_nil(&r);
  if (is_trial) read_uint(&r, 1, UINT_MAX32);
  read_uint(&r, TERM_MIN, TERM_MAX);
  count = read_array(&r, 0, POOLS_MAX);
  for (i = 0; i < count && !r.bad; i++) read_pool(&r, l);
  read_uint(&r, 0, 2); /* counting */
  l->feature_count = read_array(&r, 0, USHER_FEATURES_MAX);
  for (i = 0; i < l->feature_count && !r.bad; i++)
    l->features[i] = read_text(&r, 1, NAME_MAX_UNITS);
  read_array(&r, 2, 2);
  l->oldest = read_version_bound(&r);
  l->newest = read_version_bound(&r);
  l->is_maintained_until = !read_nil(&r);
  if (l->is_maintained_until) l->maintenance = read_uint(&r, 0, UINT_MAX32);
  l->resource = read_optional_text(&r, NAME_MAX_UNITS);
  is_sound = read_meters(&r);
  if (!read_nil(&r)) {
    can_be_borrowed = 1;
    read_array(&r, 2, 2);
    read_uint(&r, 1, SEATS_MAX);
    read_uint(&r, 1, UINT_MAX32);
  }
  is_sound = read_supersedes(&r, l->id) && is_sound;
  read_activation_terms(&r, l);
  read_array(&r, 3, 3);
  read_uint(&r, 0, 1);
  read_uint(&r, 0, 2);
  read_uint(&r, 0, 1);
  has_host_code = !read_nil(&r);
  if (has_host_code) read_binary(&r, 0, HOST_CODE_MAX);
  if (format > 1) l->children_depth = read_children(&r);
  if (!is_complete(&r) || !is_sound) return 0;
  has_pools = l->type == FLOATING || l->type == NAMED;
  if (l->children_depth > 0 && (!has_pools || !l->needs_activation || is_trial)) return 0;
  return has_pools == (l->pool_count > 0) && (has_pools || !can_be_borrowed) &&
         (l->type != STANDALONE || has_host_code) && are_distinct(l->classes, l->pool_count);
}

static fault open_license(span document, license *l) {
  span payload;
  fault found;
  memset(l, 0, sizeof *l);
  found = open_envelope(document, "license", 1, &l->by, &payload);
  if (found != FINE) return found;
  if (!read_license_payload(payload, l->by.version, l)) return MALFORMED;
  hash_of(l->hash, document);
  return check_certificate(&l->by, USE_LICENSES, l->issued);
}

/* --- activations --- */

typedef struct activation {
  origin by;
  int is_emergency;
  span license_id, license_hash, signing_key, agent_key;
  uint32_t issued;
  int ends_ever;
  uint32_t until;
} activation;

static int read_activation_payload(span payload, activation *a) {
  reader r = read_whole(payload);
  uint32_t number;
  int has_nonce;
  read_array(&r, 10, 10);
  a->license_id = read_binary(&r, LICENSE_ID_SIZE, LICENSE_ID_SIZE);
  a->license_hash = read_binary(&r, HASH_SIZE, HASH_SIZE);
  a->signing_key = read_binary(&r, KEY_SIZE, KEY_SIZE);
  a->agent_key = read_binary(&r, KEY_SIZE, KEY_SIZE);
  read_binary(&r, 0, HOST_CODE_MAX);
  number = read_uint(&r, 0, UINT_MAX32);
  a->issued = read_uint(&r, 0, UINT_MAX32);
  a->ends_ever = !read_nil(&r);
  if (a->ends_ever) a->until = read_uint(&r, 0, UINT_MAX32);
  has_nonce = !read_nil(&r);
  if (has_nonce) read_binary(&r, NONCE_SIZE, NONCE_SIZE);
  a->is_emergency = read_uint(&r, 0, 1) == 1;
  if (!is_complete(&r) || (a->ends_ever && a->until <= a->issued)) return 0;
  return a->is_emergency ? number == 0 && a->ends_ever && !has_nonce : number > 0;
}

static fault open_activation(span document, activation *a) {
  span payload;
  fault found;
  memset(a, 0, sizeof *a);
  found = open_envelope(document, "activation", 1, &a->by, &payload);
  if (found != FINE) return found;
  if (!read_activation_payload(payload, a)) return MALFORMED;
  found = check_certificate(&a->by, USE_ACTIVATIONS, a->issued);
  if (found != FINE || !a->is_emergency) return found;
  /* An agent signs its own emergency, and no other. */
  return !a->by.is_certified && equal_bytes(a->signing_key.at, a->by.signer, KEY_SIZE)
           ? FINE
           : BAD_SIGNATURE;
}

/* --- child licenses --- */

/** What a parent's agent signed for its child. */
typedef struct child {
  origin by;
  span id, of;
  int is_active, has_agent, has_host_code;
  span signing_key, agent_key;
  uint32_t children_depth, pool_count;
  span classes[POOLS_MAX];
  uint32_t most[POOLS_MAX];
  int expires_ever, calls;
  uint32_t expires, calls_until, calls_grace;
} child;

static int read_child_payload(span payload, child *c) {
  reader r = read_whole(payload);
  uint32_t i, count;
  int has_parent;
  read_array(&r, 14, 14);
  c->id = read_binary(&r, LICENSE_ID_SIZE, LICENSE_ID_SIZE);
  c->of = read_binary(&r, LICENSE_ID_SIZE, LICENSE_ID_SIZE);
  read_uint(&r, 1, UINT_MAX32);
  read_uint(&r, 0, UINT_MAX32);
  c->is_active = read_uint(&r, 0, 2) == 0;
  c->has_agent = !read_nil(&r);
  if (c->has_agent) {
    read_array(&r, 2, 2);
    c->signing_key = read_binary(&r, KEY_SIZE, KEY_SIZE);
    c->agent_key = read_binary(&r, KEY_SIZE, KEY_SIZE);
  }
  read_text(&r, 1, TEXT_MAX);
  has_parent = read_master(&r);
  read_uint(&r, TERM_MIN, TERM_MAX);
  if (!read_nil(&r)) c->children_depth = read_children(&r);
  c->has_host_code = !read_nil(&r);
  if (c->has_host_code) read_binary(&r, 0, HOST_CODE_MAX);
  count = read_array(&r, 1, POOLS_MAX);
  for (i = 0; i < count && !r.bad; i++) {
    read_array(&r, 3, 3);
    c->classes[i] = read_text(&r, 1, NAME_MAX_UNITS);
    c->most[i] = read_uint(&r, 0, SEATS_MAX);
    c->most[i] = read_stages(&r, c->most[i]);
  }
  c->pool_count = count;
  c->expires_ever = !read_nil(&r);
  if (c->expires_ever) c->expires = read_uint(&r, 0, UINT_MAX32);
  c->calls = !read_nil(&r);
  if (c->calls) {
    read_array(&r, 2, 2);
    c->calls_until = read_uint(&r, 0, UINT_MAX32);
    c->calls_grace = read_uint(&r, 0, UINT_MAX32);
  }
  if (!is_complete(&r) || spans_equal(c->id, c->of) || !are_distinct(c->classes, count)) return 0;
  /* One that never calls must end by itself. */
  return c->calls ? has_parent : c->expires_ever;
}

static fault open_child(span document, child *c) {
  span payload;
  fault found;
  memset(c, 0, sizeof *c);
  found = open_envelope(document, "child", 0, &c->by, &payload);
  if (found != FINE) return found;
  return read_child_payload(payload, c) ? FINE : MALFORMED;
}

/* --- revocations --- */

typedef struct revocations {
  origin by;
  uint32_t count;
  span keys[REVOKED_KEYS_MAX];
} revocations;

static int read_revocations_payload(span payload, revocations *v) {
  reader r = read_whole(payload);
  uint32_t i;
  read_array(&r, 3, 3);
  read_uint(&r, 0, UINT_MAX32);
  read_uint(&r, 0, UINT_MAX32);
  v->count = read_array(&r, 0, REVOKED_KEYS_MAX);
  for (i = 0; i < v->count && !r.bad; i++) v->keys[i] = read_binary(&r, KEY_SIZE, KEY_SIZE);
  return is_complete(&r);
}

static fault open_revocations(span document, revocations *v) {
  span payload;
  fault found;
  memset(v, 0, sizeof *v);
  found = open_envelope(document, "revocations", 0, &v->by, &payload);
  if (found != FINE) return found;
  return read_revocations_payload(payload, v) ? FINE : MALFORMED;
}

static int is_revoked(const origin *by, const revocations *v) {
  uint32_t i;
  if (!equal_bytes(by->vendor, v->by.vendor, KEY_SIZE)) return 0;
  for (i = 0; i < v->count; i++)
    if (equal_bytes(v->keys[i].at, by->signer, KEY_SIZE)) return 1;
  return 0;
}

/* ---------------------------------------------------------------------------------------------------
 * The proof
 * ------------------------------------------------------------------------------------------------ */

typedef struct shown_proof {
  license license;
  int has_activation, has_revocations;
  activation activation;
  /** From the child of the agent that the activation names, to the one that shows the proof. */
  uint32_t child_count;
  child children[CHILDREN_DEPTH_MAX];
  revocations revocations;
} shown_proof;

/** Whom a proof must convince. */
typedef struct question {
  /** Of 32 bytes each. */
  const uint8_t *vendor_keys;
  size_t vendor_key_count;
  /** The X25519 key with which the session is sealed. */
  const uint8_t *agent_key;
  /** Seconds since 1970. */
  int64_t wall;
} question;

static usher_code distrust_of(fault found) {
  switch (found) {
    case FINE: return USHER_OK;
    case NEWER_FORMAT: return USHER_UNTRUSTED_NEWER_FORMAT;
    case FAULT_CERTIFICATE_USE: return USHER_UNTRUSTED_CERTIFICATE_USE;
    case FAULT_CERTIFICATE_DATE: return USHER_UNTRUSTED_CERTIFICATE_DATE;
    case MALFORMED:
    case OTHER_KIND:
    case BAD_SIGNATURE: break;
  }
  return USHER_UNTRUSTED_FORGED;
}

/** Whether a document says that it is of a kind ("usher-activation"), before it is believed. */
static int says_kind(span document, const char *name) {
  reader r = read_whole(document);
  read_array(&r, 1, UINT_MAX32);
  return text_is(read_text(&r, 0, 32), name) && !r.bad;
}

/** The documents of a proof: a license, then an activation, child licenses and revocations.
 *  Anything else, such as a kind that this client does not know, is refused whole. */
static usher_code open_proof(span bytes, shown_proof *p) {
  uint32_t i, count;
  usher_code code = USHER_OK;
  span documents[PROOF_DOCUMENTS_MAX];
  reader r;
  memset(p, 0, sizeof *p);
  if (bytes.size > PROOF_MAX) return USHER_UNTRUSTED_FORGED;
  r = read_whole(bytes);
  count = read_array(&r, 1, PROOF_DOCUMENTS_MAX);
  for (i = 0; i < count && !r.bad; i++) documents[i] = read_binary(&r, 0, DOCUMENT_MAX);
  if (!is_complete(&r)) return USHER_UNTRUSTED_FORGED;
  code = distrust_of(open_license(documents[0], &p->license));
  for (i = 1; i < count && code == USHER_OK; i++) {
    const int is_last = p->has_revocations;
    if (!p->has_activation && p->child_count == 0 && !is_last &&
        says_kind(documents[i], "usher-activation")) {
      p->has_activation = 1;
      code = distrust_of(open_activation(documents[i], &p->activation));
    } else if (p->child_count < CHILDREN_DEPTH_MAX && !is_last &&
               says_kind(documents[i], "usher-child")) {
      code = distrust_of(open_child(documents[i], &p->children[p->child_count++]));
    } else if (!is_last && says_kind(documents[i], "usher-revocations")) {
      p->has_revocations = 1;
      code = distrust_of(open_revocations(documents[i], &p->revocations));
    } else {
      code = USHER_UNTRUSTED_FORGED;
    }
  }
  return code;
}

static usher_code check_signers(const shown_proof *p, const question *q) {
  const origin *by = &p->license.by;
  size_t i;
  int is_ours = 0;
  for (i = 0; i < q->vendor_key_count; i++)
    if (equal_bytes(q->vendor_keys + i * KEY_SIZE, by->vendor, KEY_SIZE)) is_ours = 1;
  if (!is_ours) return USHER_UNTRUSTED_OTHER_VENDOR;
  if (!p->has_revocations) return USHER_OK;
  if (!equal_bytes(p->revocations.by.vendor, by->vendor, KEY_SIZE)) return USHER_UNTRUSTED_FORGED;
  if (is_revoked(by, &p->revocations)) return USHER_UNTRUSTED_REVOKED_KEY;
  return p->has_activation && !p->activation.is_emergency &&
             is_revoked(&p->activation.by, &p->revocations)
           ? USHER_UNTRUSTED_REVOKED_KEY
           : USHER_OK;
}

/** Whether an emergency is one that the license allows, then and for so long. */
static int is_allowed_emergency(const license *l, const activation *a, int64_t wall) {
  if (!l->allows_emergency || a->issued < l->issued) return 0;
  if ((int64_t)a->issued >= (int64_t)l->issued + l->emergency_window) return 0;
  return (int64_t)a->until <= (int64_t)a->issued + l->emergency_longest &&
         (int64_t)a->issued <= wall + DAY_SECONDS;
}

static usher_code check_activation(const shown_proof *p, const question *q) {
  const license *l = &p->license;
  const activation *a = &p->activation;
  int64_t ends;
  if (!l->needs_activation)
    return p->has_activation || p->child_count > 0 ? USHER_UNTRUSTED_FORGED : USHER_OK;
  if (!p->has_activation) return USHER_UNTRUSTED_NOT_ACTIVATED;
  if (!spans_equal(a->license_id, l->id) || !equal_bytes(a->license_hash.at, l->hash, HASH_SIZE))
    return USHER_UNTRUSTED_OTHER_LICENSE;
  /* Of a child license it is the first parent's, and the chain leads on from there. */
  if (p->child_count == 0 && !equal_bytes(a->agent_key.at, q->agent_key, KEY_SIZE))
    return USHER_UNTRUSTED_OTHER_AGENT;
  if (!a->is_emergency && !equal_bytes(a->by.vendor, l->by.vendor, KEY_SIZE))
    return USHER_UNTRUSTED_FORGED;
  if (a->is_emergency && !is_allowed_emergency(l, a, q->wall))
    return USHER_UNTRUSTED_EMERGENCY_TERMS;
  if (!a->ends_ever) return USHER_OK;
  ends = (int64_t)a->until + (a->is_emergency ? 0 : l->grace);
  if (ends > (int64_t)UINT_MAX32) ends = (int64_t)UINT_MAX32;
  return q->wall >= ends + DAY_SECONDS ? USHER_UNTRUSTED_ACTIVATION_EXPIRED : USHER_OK;
}

/** Narrows a license to what its child lends by; 0 where it allows no such child. */
static int derive_license(license *l, const child *c) {
  uint32_t i, j;
  if (l->children_depth == 0 || c->children_depth > l->children_depth - 1) return 0;
  for (i = 0; i < c->pool_count; i++) {
    for (j = 0; j < l->pool_count; j++)
      if (spans_equal(c->classes[i], l->classes[j])) break;
    if (j == l->pool_count || c->most[i] > l->most[j]) return 0;
  }
  memcpy(l->classes, c->classes, sizeof l->classes);
  memcpy(l->most, c->most, sizeof l->most);
  l->pool_count = c->pool_count;
  l->id = c->id;
  l->children_depth = c->children_depth;
  if (c->expires_ever && (!l->expires_ever || c->expires < l->expires)) l->expires = c->expires;
  l->expires_ever = l->expires_ever || c->expires_ever;
  return 1;
}

static int has_child_ended(const child *c, int64_t wall) {
  int64_t ends = (int64_t)UINT_MAX32;
  if (!c->calls && !c->expires_ever) return 0;
  if (c->calls) ends = least_of(ends, (int64_t)c->calls_until + c->calls_grace);
  if (c->expires_ever) ends = least_of(ends, (int64_t)c->expires);
  return wall >= ends + DAY_SECONDS;
}

/** Follows the chain from the vendor's license to that by which this agent lends. */
static usher_code check_children(shown_proof *p, const question *q) {
  const child *last = &p->children[p->child_count - 1];
  span signer = p->activation.signing_key;
  uint32_t i;
  if (p->activation.is_emergency) return USHER_UNTRUSTED_EMERGENCY_TERMS;
  for (i = 0; i < p->child_count; i++) {
    const child *c = &p->children[i];
    if (!spans_equal(c->of, p->license.id)) return USHER_UNTRUSTED_OTHER_LICENSE;
    if (signer.at == NULL || !equal_bytes(signer.at, c->by.signer, KEY_SIZE))
      return USHER_UNTRUSTED_OTHER_PARENT;
    if (!derive_license(&p->license, c)) return USHER_UNTRUSTED_CHILDREN_TERMS;
    signer = c->signing_key;
  }
  /* One for a host code is good on that computer, which its agent sees to. */
  if (!last->has_agent && !last->has_host_code) return USHER_UNTRUSTED_NOT_ACTIVATED;
  if (last->has_agent && !equal_bytes(last->agent_key.at, q->agent_key, KEY_SIZE))
    return USHER_UNTRUSTED_OTHER_AGENT;
  for (i = 0; i < p->child_count; i++)
    if (!p->children[i].is_active) return USHER_UNTRUSTED_CHILD_SUSPENDED;
  for (i = 0; i < p->child_count; i++)
    if (has_child_ended(&p->children[i], q->wall)) return USHER_UNTRUSTED_CHILD_EXPIRED;
  return USHER_OK;
}

static usher_code check_dates(const license *l, int64_t wall) {
  if (wall + DAY_SECONDS < (int64_t)l->starts) return USHER_UNTRUSTED_PENDING;
  return l->expires_ever && wall > (int64_t)l->expires + DAY_SECONDS ? USHER_UNTRUSTED_EXPIRED
                                                                     : USHER_OK;
}

/** Checks the chain from the vendor's root key to the agent that shows a proof. */
static usher_code check_proof(span bytes, const question *q, shown_proof *p) {
  usher_code code = open_proof(bytes, p);
  if (code == USHER_OK) code = check_signers(p, q);
  if (code == USHER_OK) code = check_activation(p, q);
  if (code == USHER_OK && p->child_count > 0) code = check_children(p, q);
  return code == USHER_OK ? check_dates(&p->license, q->wall) : code;
}

/* ---------------------------------------------------------------------------------------------------
 * What a client checks
 * ------------------------------------------------------------------------------------------------ */

/** One part of a grant: seats of one pool of one license. */
typedef struct part {
  uint8_t document[HASH_SIZE];
  int has_pool;
  uint32_t pool, seats;
} part;

/** What a believed license is worth to who asks: all that is kept of it. */
typedef struct worth {
  uint8_t hash[HASH_SIZE];
  uint32_t type, pool_count;
  /** A bit for each pool whose class serves, and for each feature asked for that is covered. */
  uint32_t classes;
  uint64_t features;
  /** What is wrong with its resource, versions or maintenance. */
  usher_code terms;
} worth;

static span text_of(const char *text) {
  return text == NULL ? span_of(NULL, 0) : span_of(text, strlen(text));
}

static int fold(int c) { return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c; }

static int are_same_names(span one, span other) {
  size_t i;
  if (one.size != other.size) return 0;
  for (i = 0; i < one.size; i++)
    if (fold(one.at[i]) != fold(other.at[i])) return 0;
  return 1;
}

static usher_code check_terms(const license *l, const usher_options *o) {
  const span asked = text_of(o->resource);
  if ((l->resource.at == NULL) != (asked.at == NULL)) return USHER_UNTRUSTED_OTHER_RESOURCE;
  if (asked.at != NULL && !text_is(l->resource, "*") && !are_same_names(l->resource, asked))
    return USHER_UNTRUSTED_OTHER_RESOURCE;
  if (!covers_version(l->oldest, l->newest, text_of(o->version))) return USHER_UNTRUSTED_NO_VERSION;
  if (!l->is_maintained_until) return USHER_OK;
  if (o->released == 0) return USHER_UNTRUSTED_NO_VERSION;
  return o->released < l->maintenance ? USHER_OK : USHER_UNTRUSTED_NO_MAINTENANCE;
}

static worth judge_license(const license *l, const usher_options *o) {
  worth made;
  uint32_t i;
  size_t f;
  memset(&made, 0, sizeof made);
  made.type = l->type;
  made.pool_count = l->pool_count;
  for (i = 0; i < l->pool_count; i++) {
    const int is_asked =
      o->seat_class != NULL && spans_equal(l->classes[i], text_of(o->seat_class));
    if (is_asked || text_is(l->classes[i], "generic")) made.classes |= (uint32_t)1 << i;
  }
  for (f = 0; f < o->feature_count; f++)
    for (i = 0; i < l->feature_count; i++)
      if (spans_equal(l->features[i], text_of(o->features[f]))) made.features |= (uint64_t)1 << f;
  made.terms = check_terms(l, o);
  return made;
}

static usher_code check_part(const part *p, const worth *w) {
  if (w->type == STANDALONE) return USHER_UNTRUSTED_STANDALONE;
  if ((w->type == SERVER) == (p->has_pool != 0)) return USHER_UNTRUSTED_NO_CLASS;
  if (p->has_pool && (p->pool >= w->pool_count || (w->classes >> p->pool & 1) == 0))
    return USHER_UNTRUSTED_NO_CLASS;
  return w->terms;
}

/** Whether all parts together are what was asked for; each has been checked. */
static usher_code check_together(const part *parts, const worth *const *worths, uint32_t count,
                                 const usher_options *o) {
  const uint64_t wanted =
    o->feature_count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << o->feature_count) - 1;
  uint64_t of_servers = 0, of_all = ~(uint64_t)0, seats = 0;
  int has_pools = 0;
  uint32_t i;
  if (count == 0) return USHER_UNTRUSTED_NOT_PROVEN;
  for (i = 0; i < count; i++) {
    if (!parts[i].has_pool) {
      of_servers |= worths[i]->features;
      continue;
    }
    has_pools = 1;
    seats += parts[i].seats;
    of_all &= worths[i]->features;
  }
  if (has_pools && seats < (o->weight == 0 ? 1 : o->weight)) return USHER_UNTRUSTED_TOO_FEW;
  return (wanted & ~(has_pools ? of_all | of_servers : of_servers)) == 0
           ? USHER_OK
           : USHER_UNTRUSTED_NO_FEATURE;
}

/* ---------------------------------------------------------------------------------------------------
 * Frames and messages
 * ------------------------------------------------------------------------------------------------ */

enum { FRAME_DISCOVER = 1, FRAME_OFFER, FRAME_HELLO, FRAME_REQUEST, FRAME_REPLY };
enum { MAJOR = 1, HEADER_SIZE = 4, TAG_SIZE = 8, HELLO_HEAD = 68, REQUEST_HEAD = 52, REPLY_HEAD = 28 };
enum { SEAL_OVERHEAD = 16 };
enum { ASK_ACQUIRE = 1, ASK_RENEW, ASK_RELEASE, ASK_DOCUMENT };

typedef enum reply_kind {
  REPLY_NONE,
  REPLY_GRANTED,
  REPLY_RENEWED,
  REPLY_RELEASED,
  REPLY_PIECE,
  REPLY_REFUSED,
  REPLY_NEW_EPOCH,
  REPLY_ENDING,
  REPLY_QUEUED
} reply_kind;

/** A reply that opened; which fields mean something follows from its kind. */
typedef struct reply {
  reply_kind kind;
  uint32_t id, term;
  int overdraft;
  uint32_t part_count;
  part parts[PARTS_MAX];
  uint32_t total, offset;
  /** Of a piece, and the ticket of a queued or a granted; they point into the datagram. */
  span bytes, ticket;
  uint32_t refusal, in_use, seats;
  uint32_t ahead, seconds;
  int turn;
  /** The agent's epoch and number of this datagram. */
  uint8_t epoch[EPOCH_SIZE];
  uint64_t number;
} reply;

static void write_header(uint8_t *datagram, uint8_t version, uint8_t type) {
  datagram[0] = 0x55;
  datagram[1] = 0x53;
  datagram[2] = version;
  datagram[3] = type;
}

static void store_number(uint8_t out[8], uint64_t number) {
  unsigned i;
  for (i = 0; i < 8; i++) out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static void build_discover(uint8_t datagram[DATAGRAM_MAX], const uint8_t nonce[NONCE_SIZE],
                           span product) {
  writer w;
  memset(datagram, 0, DATAGRAM_MAX);
  write_header(datagram, 0, FRAME_DISCOVER);
  w.at = datagram + HEADER_SIZE;
  w.end = datagram + DATAGRAM_MAX;
  w.full = 0;
  put_array(&w, 4);
  put_binary(&w, nonce, NONCE_SIZE);
  put_uint(&w, MAJOR);
  put_uint(&w, MAJOR);
  if (product.at == NULL) put_nil(&w);
  else put_text(&w, product);
}

/** A body on its way: what is said, and under which id. */
typedef struct request {
  uint32_t id;
  size_t size;
  uint8_t body[BODY_MAX];
} request;

static writer begin_request(request *q, uint32_t kind, uint32_t id, size_t fields) {
  writer w;
  memset(q->body, 0, sizeof q->body);
  q->id = id;
  w.at = q->body;
  w.end = q->body + BODY_MAX;
  w.full = 0;
  put_array(&w, fields + 2);
  put_uint(&w, kind);
  put_uint(&w, id);
  return w;
}

/** Pads a body to the least size of its class; 0 when it is too long to be sent. */
static int end_request(request *q, const writer *w, size_t least) {
  const size_t size = (size_t)(w->at - q->body);
  q->size = size > least ? size : least;
  return !w->full;
}

static void put_optional_text(writer *w, const char *text) {
  if (text == NULL) put_nil(w);
  else put_text(w, text_of(text));
}

/** Who asks, as administrators see it. */
typedef struct holder {
  char user[USHER_TEXT_SIZE * 2], host[USHER_TEXT_SIZE * 2], application[USHER_TEXT_SIZE * 2];
  uint32_t process;
} holder;

/** `ticket` with NULL: none. 0 when the whole is too long for a datagram. */
static int build_acquire(request *q, uint32_t id, const usher_options *o, const holder *h,
                         int is_waiting, span ticket) {
  writer w = begin_request(q, ASK_ACQUIRE, id, ticket.at == NULL ? 2 : 3);
  size_t i;
  put_array(&w, 8);
  put_text(&w, text_of(o->product));
  put_optional_text(&w, o->seat_class);
  put_optional_text(&w, o->resource);
  put_array(&w, o->feature_count);
  for (i = 0; i < o->feature_count; i++) put_text(&w, text_of(o->features[i]));
  put_uint(&w, o->weight == 0 ? 1 : o->weight);
  put_optional_text(&w, o->version);
  if (o->released == 0) put_nil(&w);
  else put_uint(&w, o->released);
  put_array(&w, 4);
  put_text(&w, text_of(h->user));
  put_text(&w, text_of(h->host));
  put_uint(&w, h->process);
  put_text(&w, text_of(h->application));
  put_flag(&w, is_waiting);
  if (ticket.at != NULL) put_binary(&w, ticket.at, ticket.size);
  return end_request(q, &w, PARTS_BODY_SIZE);
}

static void build_renew(request *q, uint32_t id, uint32_t idle) {
  writer w = begin_request(q, ASK_RENEW, id, 1);
  put_uint(&w, idle);
  end_request(q, &w, SMALL_BODY_SIZE);
}

static void build_release(request *q, uint32_t id) {
  writer w = begin_request(q, ASK_RELEASE, id, 0);
  end_request(q, &w, SMALL_BODY_SIZE);
}

static void build_document(request *q, uint32_t id, const uint8_t hash[HASH_SIZE], uint32_t offset) {
  writer w = begin_request(q, ASK_DOCUMENT, id, 2);
  put_binary(&w, hash, HASH_SIZE);
  put_uint(&w, offset);
  end_request(q, &w, PIECE_BODY_SIZE);
}

static void make_nonce(uint8_t out[24], const uint8_t sent[NONCE_SIZE], const uint8_t *cookie) {
  memcpy(out, sent, NONCE_SIZE);
  if (cookie == NULL) memset(out + NONCE_SIZE, 0, 8);
  else memcpy(out + NONCE_SIZE, cookie, 8);
}

/** Seals a request, or a hello where there is a cookie; returns the datagram's size. */
static size_t build_sealed(uint8_t datagram[DATAGRAM_MAX], const uint8_t client_key[KEY_SIZE],
                           const uint8_t epoch[EPOCH_SIZE], uint64_t number, const request *q,
                           const uint8_t key[KEY_SIZE], const uint8_t *cookie) {
  const size_t head = cookie == NULL ? REQUEST_HEAD : HELLO_HEAD;
  uint8_t nonce[24];
  uint8_t *at = datagram + HEADER_SIZE;
  write_header(datagram, MAJOR, cookie == NULL ? FRAME_REQUEST : FRAME_HELLO);
  if (cookie != NULL) {
    memcpy(at, cookie, COOKIE_SIZE);
    at += COOKIE_SIZE;
  }
  memcpy(at, client_key, KEY_SIZE);
  memcpy(at + KEY_SIZE, epoch, EPOCH_SIZE);
  store_number(at + KEY_SIZE + EPOCH_SIZE, number);
  make_nonce(nonce, at + KEY_SIZE, cookie);
  memcpy(datagram + head + SEAL_OVERHEAD, q->body, q->size);
  seal(datagram + head, datagram + head + SEAL_OVERHEAD, q->size, nonce, key);
  return head + SEAL_OVERHEAD + q->size;
}

/** The type of a frame with the magic, a version that fits it, and a size that can be. */
static int frame_type(span datagram) {
  const uint8_t *at = datagram.at;
  if (datagram.size < HEADER_SIZE || datagram.size > DATAGRAM_MAX) return 0;
  if (at[0] != 0x55 || at[1] != 0x53) return 0;
  if (at[3] == FRAME_OFFER) return at[2] == 0 ? FRAME_OFFER : 0;
  if (at[3] != FRAME_REPLY || at[2] != MAJOR) return 0;
  return datagram.size < REPLY_HEAD + SEAL_OVERHEAD ? 0 : FRAME_REPLY;
}

static void read_part(reader *r, part *p) {
  const uint32_t fields = read_array(r, 3, UINT_MAX32);
  const span hash = read_binary(r, HASH_SIZE, HASH_SIZE);
  if (!r->bad) memcpy(p->document, hash.at, HASH_SIZE);
  p->has_pool = !read_nil(r);
  if (p->has_pool) p->pool = read_uint(r, 0, POOLS_MAX - 1);
  p->seats = read_uint(r, 0, SEATS_MAX);
  if (!r->bad) skip_values(r, fields - 3);
}

static void read_reply_fields(reader *r, uint32_t fields, reply *p) {
  uint32_t i;
  switch (p->kind) {
    case REPLY_GRANTED:
      p->term = read_uint(r, 0, TERM_MAX);
      p->overdraft = read_flag(r);
      p->part_count = read_array(r, 0, PARTS_MAX);
      for (i = 0; i < p->part_count && !r->bad; i++) read_part(r, &p->parts[i]);
      if (fields > 5 && !read_nil(r)) p->ticket = read_binary(r, 0, TICKET_MAX);
      if (fields > 6 && !read_nil(r)) p->seconds = read_uint(r, 0, TERM_MAX);
      break;
    case REPLY_RENEWED: p->term = read_uint(r, 0, TERM_MAX); break;
    case REPLY_PIECE:
      p->total = read_uint(r, 0, UINT_MAX32);
      p->offset = read_uint(r, 0, UINT_MAX32);
      p->bytes = read_binary(r, 0, PIECE_MAX);
      break;
    case REPLY_REFUSED:
      p->refusal = read_uint(r, 0, UINT_MAX32);
      p->in_use = read_uint(r, 0, UINT_MAX32);
      p->seats = read_uint(r, 0, UINT_MAX32);
      break;
    case REPLY_ENDING:
      p->term = read_uint(r, 0, TERM_MAX);
      p->refusal = read_uint(r, 0, UINT_MAX32);
      break;
    case REPLY_QUEUED:
      p->ahead = read_uint(r, 0, UINT_MAX32);
      p->turn = read_flag(r);
      p->seconds = read_uint(r, 0, TERM_MAX);
      if (fields > 5 && !read_nil(r)) p->ticket = read_binary(r, 0, TICKET_MAX);
      break;
    case REPLY_RELEASED:
    case REPLY_NEW_EPOCH:
    case REPLY_NONE: break;
  }
}

/** Reads the plain body of a reply; 0 for one that cannot be read, or that answers nothing of ours. */
static int read_reply(span body, reply *p) {
  reader r = read_padded(body);
  uint32_t fields, kind;
  memset(p, 0, sizeof *p);
  fields = read_array(&r, 2, UINT_MAX32);
  kind = read_uint(&r, 0, UINT_MAX32);
  p->id = read_uint(&r, 0, UINT_MAX32);
  if (r.bad || kind < REPLY_GRANTED || kind > REPLY_QUEUED) return 0;
  p->kind = (reply_kind)kind;
  /* The walk was over the whole, so a field that is missing shows as the end of it. */
  read_reply_fields(&r, fields, p);
  return !r.bad;
}

/** Opens a reply to this client in place. */
static int open_reply(uint8_t *datagram, size_t size, const uint8_t client_key[KEY_SIZE],
                      const uint8_t key[KEY_SIZE], reply *p) {
  const uint8_t *sent = datagram + HEADER_SIZE + TAG_SIZE;
  uint8_t nonce[24];
  unsigned i;
  if (frame_type(span_of(datagram, size)) != FRAME_REPLY) return 0;
  if (memcmp(datagram + HEADER_SIZE, client_key, TAG_SIZE) != 0) return 0;
  make_nonce(nonce, sent, NULL);
  if (!open_sealed(datagram + REPLY_HEAD, datagram + REPLY_HEAD + SEAL_OVERHEAD,
                   size - REPLY_HEAD - SEAL_OVERHEAD, nonce, key))
    return 0;
  if (!read_reply(span_of(datagram + REPLY_HEAD + SEAL_OVERHEAD, size - REPLY_HEAD - SEAL_OVERHEAD),
                  p))
    return 0;
  memcpy(p->epoch, sent, EPOCH_SIZE);
  for (i = 0; i < 8; i++) p->number = p->number << 8 | sent[EPOCH_SIZE + i];
  return 1;
}

/** The session's keys; 0 for an agent key of small order. */
static int derive_keys(uint8_t request_key[KEY_SIZE], uint8_t reply_key[KEY_SIZE],
                       const uint8_t secret[KEY_SIZE], const uint8_t client_key[KEY_SIZE],
                       const uint8_t agent_key[KEY_SIZE]) {
  static const char CONTEXT[] = "usher session 1";
  uint8_t shared[KEY_SIZE], keys[64];
  span pieces[4];
  int is_sound;
  x25519(shared, secret, agent_key);
  is_sound = !all_zero(shared, sizeof shared);
  pieces[0] = span_of(CONTEXT, sizeof CONTEXT);
  pieces[1] = span_of(shared, sizeof shared);
  pieces[2] = span_of(client_key, KEY_SIZE);
  pieces[3] = span_of(agent_key, KEY_SIZE);
  sha512(keys, pieces, 4);
  memcpy(request_key, keys, KEY_SIZE);
  memcpy(reply_key, keys + KEY_SIZE, KEY_SIZE);
  wipe(shared, sizeof shared);
  wipe(keys, sizeof keys);
  return is_sound;
}

/* ---------------------------------------------------------------------------------------------------
 * Agents, and where they may be
 * ------------------------------------------------------------------------------------------------ */

typedef struct endpoint {
  struct sockaddr_storage address;
  socklen_type size;
} endpoint;

/** What an offer says. Spans point into the datagram. */
typedef struct offer {
  span nonce, key, epoch, cookie, name;
  uint32_t oldest, newest, free;
} offer;

static int read_offer(span datagram, span product, offer *f) {
  reader r;
  uint32_t i, count;
  memset(f, 0, sizeof *f);
  if (frame_type(datagram) != FRAME_OFFER) return 0;
  r = read_padded(span_of(datagram.at + HEADER_SIZE, datagram.size - HEADER_SIZE));
  read_array(&r, 10, UINT_MAX32);
  f->nonce = read_binary(&r, NONCE_SIZE, NONCE_SIZE);
  f->oldest = read_uint(&r, 0, 255);
  f->newest = read_uint(&r, 0, 255);
  f->key = read_binary(&r, KEY_SIZE, KEY_SIZE);
  f->epoch = read_binary(&r, EPOCH_SIZE, EPOCH_SIZE);
  f->cookie = read_binary(&r, COOKIE_SIZE, COOKIE_SIZE);
  f->name = read_text(&r, 0, NAME_MAX_UNITS);
  read_text(&r, 0, NAME_MAX_UNITS);
  count = read_array(&r, 0, PRODUCTS_MAX);
  for (i = 0; i < count && !r.bad; i++) {
    const uint32_t fields = read_array(&r, 3, UINT_MAX32);
    const span name = read_text(&r, 1, NAME_MAX_UNITS);
    const uint32_t free = read_uint(&r, 0, UINT_MAX32);
    read_uint(&r, 0, UINT_MAX32);
    if (r.bad) break;
    skip_values(&r, fields - 3);
    if (spans_equal(name, product)) f->free = free;
  }
  read_uint(&r, 0, UINT_MAX32);
  return !r.bad;
}

/** An agent that has answered, at one address. */
typedef struct agent {
  uint8_t key[KEY_SIZE], epoch[EPOCH_SIZE], cookie[COOKIE_SIZE];
  uint8_t request_key[KEY_SIZE], reply_key[KEY_SIZE];
  /** Keys are made when it is first spoken to; then, whether they are sound. */
  int has_keys, is_sound;
  /** It has answered under this session: a request will do. */
  int knows_us;
  uint32_t free;
  endpoint at;
  char name[USHER_TEXT_SIZE];
  /** What came of asking it; USHER_OK when it was not asked. */
  usher_code failure;
  uint32_t in_use, seats;
  /** It is asked to take the seat over: by which request, since when, and when again. */
  int is_bidden;
  uint32_t bid_id, bid_attempts;
  int64_t bid_since, bid_again;
} agent;

/** What an agent granted. */
typedef struct grant {
  int64_t first_sent, until;
  uint32_t term;
  int overdraft;
  uint32_t part_count;
  part parts[PARTS_MAX];
  /** How the seat goes on at another agent of its site; no bytes: it does not. */
  uint8_t ticket[TICKET_MAX];
  size_t ticket_size;
  uint32_t within;
} grant;

/** A renewal that may still be answered. */
typedef struct renewal {
  uint32_t id;
  int64_t sent_at;
} renewal;

/** An address of this computer, of 4 or 16 bytes, and the number of its interface where it is known. */
typedef struct network {
  uint8_t address[V6_SIZE], mask[V6_SIZE];
  size_t size;
  uint32_t zone;
} network;

/** What is listened to beside the line, while somebody is looked for. */
typedef enum ear_kind { EAR_MDNS, EAR_DNS } ear_kind;

typedef struct ear {
  socket_t socket;
  ear_kind kind;
  /** Bytes of its addresses, and the link of a group of IPv6. */
  size_t size;
  uint32_t zone;
} ear;

/** A name as it stands on the wire, in small letters: labels, each behind its length. */
typedef struct dns_name {
  uint8_t bytes[256];
  size_t size;
} dns_name;

/** A question to the servers of names. `port` is that of the service whose address is asked for. */
typedef struct lookup {
  dns_name name;
  uint16_t id;
  uint32_t type, port, asked;
  int64_t ask_at;
  int is_open;
} lookup;

struct usher_seat {
  /* The line. */
  socket_t v4, v6;
  uint16_t port;
  char interfaces[256];
  int has_all_interfaces;
  endpoint endpoints[ENDPOINTS_MAX];
  size_t endpoint_count;
  network networks[NETWORKS_MAX];
  size_t network_count;
  /* Looking further: who may be an agent, by mDNS and DNS. */
  endpoint rumours[RUMOURS_MAX];
  size_t rumour_count;
  ear ears[EARS_MAX];
  size_t ear_count;
  uint32_t questions_asked;
  int64_t question_at, domains_asked;
  endpoint servers[SERVERS_MAX];
  size_t server_count;
  lookup lookups[LOOKUPS_MAX];
  /* The session. */
  uint8_t secret[KEY_SIZE], client_key[KEY_SIZE];
  uint64_t number;
  uint32_t id, chance;
  uint8_t nonce[NONCE_SIZE], discover[DATAGRAM_MAX];
  char product[USHER_TEXT_SIZE];
  holder holder;
  agent agents[OFFERS_MAX];
  size_t agent_count;
  /* Standing in line: the last ticket, and whose it is. */
  uint8_t ticket[TICKET_MAX], ticket_agent[KEY_SIZE];
  size_t ticket_size;
  int has_ticket;
  uint32_t told_ahead;
  /* Holding. */
  agent held;
  int64_t until, due;
  uint32_t term;
  renewal pending[PENDING_MAX];
  size_t pending_count;
  uint32_t unanswered, follows;
  uint64_t heard_number;
  int is_ending;
  usher_code ending;
  int64_t ending_told;
  /* Going on at another agent of its site: by what ticket, how soon silence is to be noticed, and
     what was asked for, in a block of its own. */
  uint8_t takeover[TICKET_MAX];
  size_t takeover_size;
  uint32_t within;
  usher_options wish;
  void *wish_block;
  int is_relieved;
  int64_t round_at;
  int has_idle;
  int64_t idle_since;
  uint32_t said_idle;
  usher_code lost;
  /* The application. */
  const volatile sig_atomic_t *stop;
  usher_listener *listener;
  void *context;
  /* What is received, and a proof that is put together. */
  uint8_t datagram[DATAGRAM_MAX + 1];
  endpoint from;
  uint8_t proof[PROOF_MAX];
};

static void tell(usher_seat *s, usher_news news, usher_code code, uint32_t number) {
  if (s->listener != NULL) s->listener(s->context, news, code, number);
}

static int is_stopped(const usher_seat *s) { return s->stop != NULL && *s->stop != 0; }

/** A number from `low` to `high`, both small, that differs between clients and times (xorshift). */
static int64_t by_chance(usher_seat *s, int64_t low, int64_t high) {
  s->chance ^= s->chance << 13;
  s->chance ^= s->chance >> 17;
  s->chance ^= s->chance << 5;
  return low + (int64_t)(s->chance % 1024) * (high - low) / 1024;
}

/** `first`, doubled `times` times, but not above `most`. */
static int64_t doubling(int64_t first, uint32_t times, int64_t most) {
  int64_t value = first;
  while (times-- > 0 && value < most) value *= 2;
  return most_of(first, least_of(value, most));
}

/* --- sockets --- */

static void close_socket(socket_t which) {
  if (which == NO_SOCKET) return;
#ifdef _WIN32
  closesocket(which);
#else
  close(which);
#endif
}

/** A socket for datagrams that blocks nobody. */
static socket_t open_plain_socket(int family) {
  const socket_t made = socket(family, SOCK_DGRAM, 0);
  int fails;
  if (made == NO_SOCKET) return NO_SOCKET;
#ifdef _WIN32
  {
    u_long yes = 1;
    fails = ioctlsocket(made, (long)FIONBIO, &yes) != 0;
  }
#else
  fails = fcntl(made, F_SETFL, O_NONBLOCK) != 0 || fcntl(made, F_SETFD, FD_CLOEXEC) != 0;
#endif
  if (!fails) return made;
  close_socket(made);
  return NO_SOCKET;
}

/** One with a port of its own that may broadcast. */
static socket_t open_socket(int family) {
  const socket_t made = open_plain_socket(family);
  const int on = 1;
  int fails;
  if (made == NO_SOCKET) return NO_SOCKET;
  if (family == AF_INET) {
    struct sockaddr_in any;
    memset(&any, 0, sizeof any);
    any.sin_family = AF_INET;
    fails = setsockopt(made, SOL_SOCKET, SO_BROADCAST, (const char *)&on, sizeof on) != 0;
    fails |= bind(made, (const struct sockaddr *)&any, sizeof any) != 0;
  } else {
    struct sockaddr_in6 any;
    memset(&any, 0, sizeof any);
    any.sin6_family = AF_INET6;
    fails = setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&on, sizeof on) != 0;
    fails |= bind(made, (const struct sockaddr *)&any, sizeof any) != 0;
  }
  if (!fails) return made;
  close_socket(made);
  return NO_SOCKET;
}

static socket_t socket_for(const usher_seat *s, const endpoint *to) {
  return to->address.ss_family == AF_INET6 ? s->v6 : s->v4;
}

/** What gets lost is sent again, so an error here says nothing. */
static void send_from(socket_t from, const endpoint *to, const uint8_t *bytes, size_t size) {
#ifdef _WIN32
  (void)sendto(from, (const char *)bytes, (int)size, 0, (const struct sockaddr *)&to->address,
               to->size);
#else
  (void)sendto(from, bytes, size, 0, (const struct sockaddr *)&to->address, to->size);
#endif
}

static void transmit(const usher_seat *s, const endpoint *to, const uint8_t *bytes, size_t size) {
  const socket_t from = socket_for(s, to);
  if (from != NO_SOCKET) send_from(from, to, bytes, size);
}

static int take_into(socket_t which, uint8_t *bytes, size_t most, size_t *size, endpoint *from) {
  if (which == NO_SOCKET) return 0;
  memset(from, 0, sizeof *from);
  from->size = sizeof from->address;
  {
#ifdef _WIN32
    const int got =
        recvfrom(which, (char *)bytes, (int)most, 0, (struct sockaddr *)&from->address, &from->size);
#else
    const ssize_t got =
        recvfrom(which, bytes, most, 0, (struct sockaddr *)&from->address, &from->size);
#endif
    if (got <= 0) return 0;
    *size = (size_t)got;
  }
  return 1;
}

static int take_datagram(usher_seat *s, socket_t which, size_t *size, endpoint *from) {
  return take_into(which, s->datagram, sizeof s->datagram, size, from);
}

/** Sleeps until something can be heard, or for `wait` milliseconds. */
static void await_datagram(const usher_seat *s, int wait) {
  size_t i;
#ifdef _WIN32
  struct timeval time_left;
  fd_set set;
  time_left.tv_sec = wait / 1000;
  time_left.tv_usec = wait % 1000 * 1000;
  FD_ZERO(&set);
  FD_SET(s->v4, &set);
  if (s->v6 != NO_SOCKET) FD_SET(s->v6, &set);
  for (i = 0; i < s->ear_count; i++) FD_SET(s->ears[i].socket, &set);
  (void)select(0, &set, NULL, NULL, &time_left);
#else
  struct pollfd open[EARS_MAX + 2];
  memset(open, 0, sizeof open);
  open[0].fd = s->v4;
  /* One that there is not is passed over. */
  open[1].fd = s->v6;
  for (i = 0; i < s->ear_count; i++) open[2 + i].fd = s->ears[i].socket;
  for (i = 0; i < s->ear_count + 2; i++) open[i].events = POLLIN;
  (void)poll(open, (nfds_t)(s->ear_count + 2), wait);
#endif
}

static void hear_further(usher_seat *s);

/** The next datagram, in `s->datagram`; 0 when the time is up or the application wants to stop. */
static int receive(usher_seat *s, int64_t until, size_t *size, endpoint *from) {
  for (;;) {
    int64_t left;
    if (take_datagram(s, s->v4, size, from) || take_datagram(s, s->v6, size, from)) return 1;
    hear_further(s);
    left = until - clock_ms();
    if (left <= 0 || is_stopped(s)) return 0;
    /* In short sleeps, so that `stop` is seen. */
    await_datagram(s, (int)least_of(left, s->stop == NULL ? 60000 : 100));
  }
}

static int same_endpoint(const endpoint *one, const endpoint *other) {
  const struct sockaddr_storage *a = &one->address, *b = &other->address;
  if (a->ss_family != b->ss_family) return 0;
  if (a->ss_family == AF_INET) {
    struct sockaddr_in x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x.sin_port == y.sin_port && memcmp(&x.sin_addr, &y.sin_addr, sizeof x.sin_addr) == 0;
  } else {
    struct sockaddr_in6 x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x.sin6_port == y.sin6_port && x.sin6_scope_id == y.sin6_scope_id &&
           memcmp(&x.sin6_addr, &y.sin6_addr, sizeof x.sin6_addr) == 0;
  }
}

static void endpoint_to_text(const endpoint *at, char *text, size_t size) {
  char host[64], port[8];
  if (getnameinfo((const struct sockaddr *)&at->address, at->size, host, sizeof host, port,
                  sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    text[0] = 0;
    return;
  }
  (void)snprintf(text, size, strchr(host, ':') == NULL ? "%s:%s" : "[%s]:%s", host, port);
}

/* --- this computer's networks --- */

/** Whether one of the words of a text, with commas or spaces between, is this one. */
static int has_word(const char *words, const char *word) {
  const size_t size = strlen(word);
  while (*words != 0) {
    const size_t length = strcspn(words, ", ");
    if (length == size && memcmp(words, word, size) == 0) return 1;
    words += length;
    words += strspn(words, ", ");
  }
  return 0;
}

/** Whether the application lets it look on an interface of this name or IPv4 address. */
static int may_look(const usher_seat *s, const char *name, const uint8_t address[4]) {
  char text[16];
  (void)snprintf(text, sizeof text, "%u.%u.%u.%u", (unsigned)address[0], (unsigned)address[1],
                 (unsigned)address[2], (unsigned)address[3]);
  return s->has_all_interfaces || has_word(s->interfaces, name) || has_word(s->interfaces, text);
}

/** Takes in an address of this computer. */
static void add_network(usher_seat *s, const uint8_t *address, size_t size, const uint8_t *mask,
                        uint32_t zone) {
  network *n = &s->networks[s->network_count];
  if (s->network_count == NETWORKS_MAX) return;
  memset(n, 0, sizeof *n);
  memcpy(n->address, address, size);
  memcpy(n->mask, mask, size);
  n->size = size;
  n->zone = zone;
  s->network_count++;
}

static int is_loopback(const network *n) {
  return n->size == V4_SIZE ? n->address[0] == 127 : all_zero(n->address, V6_SIZE - 1);
}

static int is_link_local(const uint8_t address[V6_SIZE]) {
  return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

#ifdef _WIN32
/** Windows has IPv6 addresses without masks; networks of it have 64 bits. */
static void find_networks(usher_seat *s) {
  static const uint8_t HALF[V6_SIZE] = {255, 255, 255, 255, 255, 255, 255, 255};
  INTERFACE_INFO list[NETWORKS_MAX];
  union {
    SOCKET_ADDRESS_LIST list;
    char room[8192];
  } six;
  DWORD size = 0, i;
  s->network_count = 0;
  if (WSAIoctl(s->v4, SIO_GET_INTERFACE_LIST, NULL, 0, list, sizeof list, &size, NULL, NULL) == 0)
    for (i = 0; i < size / sizeof *list; i++) {
      uint8_t address[V4_SIZE], mask[V4_SIZE];
      if ((list[i].iiFlags & IFF_UP) == 0) continue;
      memcpy(address, &list[i].iiAddress.AddressIn.sin_addr, V4_SIZE);
      memcpy(mask, &list[i].iiNetmask.AddressIn.sin_addr, V4_SIZE);
      if (may_look(s, "", address)) add_network(s, address, V4_SIZE, mask, 0);
    }
  if (!s->has_all_interfaces || s->v6 == NO_SOCKET) return;
  if (WSAIoctl(s->v6, SIO_ADDRESS_LIST_QUERY, NULL, 0, &six, sizeof six, &size, NULL, NULL) != 0)
    return;
  for (i = 0; i < (DWORD)six.list.iAddressCount; i++) {
    struct sockaddr_in6 own;
    if (six.list.Address[i].iSockaddrLength < (int)sizeof own) continue;
    memcpy(&own, six.list.Address[i].lpSockaddr, sizeof own);
    add_network(s, (const uint8_t *)&own.sin6_addr, V6_SIZE, HALF, (uint32_t)own.sin6_scope_id);
  }
}
#else
static int is_interface_named(const usher_seat *s, const struct ifaddrs *all, const char *name) {
  for (; all != NULL; all = all->ifa_next) {
    uint8_t address[V4_SIZE] = {0};
    struct sockaddr_in own;
    if (strcmp(all->ifa_name, name) != 0) continue;
    if (all->ifa_addr != NULL && all->ifa_addr->sa_family == AF_INET) {
      memcpy(&own, all->ifa_addr, sizeof own);
      memcpy(address, &own.sin_addr, V4_SIZE);
    }
    if (may_look(s, name, address)) return 1;
  }
  return 0;
}

static void add_own_address(usher_seat *s, const struct ifaddrs *one) {
  if (one->ifa_addr->sa_family == AF_INET) {
    struct sockaddr_in own, mask;
    memcpy(&own, one->ifa_addr, sizeof own);
    memcpy(&mask, one->ifa_netmask, sizeof mask);
    add_network(s, (const uint8_t *)&own.sin_addr, V4_SIZE, (const uint8_t *)&mask.sin_addr,
                (uint32_t)if_nametoindex(one->ifa_name));
  } else if (one->ifa_addr->sa_family == AF_INET6) {
    struct sockaddr_in6 own, mask;
    memcpy(&own, one->ifa_addr, sizeof own);
    memcpy(&mask, one->ifa_netmask, sizeof mask);
    add_network(s, (const uint8_t *)&own.sin6_addr, V6_SIZE, (const uint8_t *)&mask.sin6_addr,
                (uint32_t)if_nametoindex(one->ifa_name));
  }
}

/** Interfaces are looked up each time: cables and networks come and go. */
static void find_networks(usher_seat *s) {
  struct ifaddrs *all, *one;
  s->network_count = 0;
  if (getifaddrs(&all) != 0) return;
  for (one = all; one != NULL; one = one->ifa_next) {
    if (one->ifa_addr == NULL || one->ifa_netmask == NULL || (one->ifa_flags & IFF_UP) == 0)
      continue;
    if (is_interface_named(s, all, one->ifa_name)) add_own_address(s, one);
  }
  freeifaddrs(all);
}
#endif

/** `zone` is the interface of a link-local address. */
static endpoint make_endpoint(const uint8_t *address, size_t size, uint32_t zone, uint32_t port) {
  endpoint at;
  memset(&at, 0, sizeof at);
  if (size == V4_SIZE) {
    struct sockaddr_in four;
    memset(&four, 0, sizeof four);
    four.sin_family = AF_INET;
    four.sin_port = htons((uint16_t)port);
    memcpy(&four.sin_addr, address, V4_SIZE);
    memcpy(&at.address, &four, sizeof four);
    at.size = sizeof four;
  } else {
    struct sockaddr_in6 six;
    memset(&six, 0, sizeof six);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons((uint16_t)port);
    six.sin6_scope_id = is_link_local(address) || address[0] == 0xff ? zone : 0;
    memcpy(&six.sin6_addr, address, V6_SIZE);
    memcpy(&at.address, &six, sizeof six);
    at.size = sizeof six;
  }
  return at;
}

static int is_in_network(const network *n, const uint8_t *address, size_t size) {
  size_t i;
  if (n->size != size) return 0;
  for (i = 0; i < size; i++)
    if (((address[i] ^ n->address[i]) & n->mask[i]) != 0) return 0;
  return 1;
}

/** Whether this is the first address of its link, so that nothing is said there twice. */
static int is_first_of_link(const usher_seat *s, size_t at) {
  const network *n = &s->networks[at], *other = s->networks;
  for (; other < n; other++)
    if (other->size == n->size && other->zone == n->zone && n->zone != 0 &&
        (n->size == V4_SIZE || is_link_local(other->address)))
      return 0;
  return 1;
}

/** Whether an address is of a network of this computer, or one that only a site itself gives. */
static int is_near(const usher_seat *s, const uint8_t *address, size_t size) {
  const uint8_t a = address[0], b = address[1];
  size_t i;
  if (size == V6_SIZE && (is_link_local(address) || (a & 0xfe) == 0xfc)) return 1;
  if (size == V4_SIZE && (a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) ||
                          (a == 169 && b == 254)))
    return 1;
  for (i = 0; i < s->network_count; i++)
    if (is_in_network(&s->networks[i], address, size)) return 1;
  return 0;
}

/** The link that something came by, as far as it is known. */
static uint32_t zone_of(const usher_seat *s, const endpoint *from) {
  size_t i;
  if (from->address.ss_family == AF_INET6) {
    struct sockaddr_in6 six;
    memcpy(&six, &from->address, sizeof six);
    return (uint32_t)six.sin6_scope_id;
  } else {
    struct sockaddr_in four;
    uint8_t address[V4_SIZE];
    memcpy(&four, &from->address, sizeof four);
    memcpy(address, &four.sin_addr, V4_SIZE);
    for (i = 0; i < s->network_count; i++)
      if (is_in_network(&s->networks[i], address, V4_SIZE)) return s->networks[i].zone;
    return 0;
  }
}

/** An agent may be there, as somebody said: it is asked at once, and with every repetition. */
static void learn(usher_seat *s, const endpoint *at) {
  size_t i;
  for (i = 0; i < s->rumour_count; i++)
    if (same_endpoint(&s->rumours[i], at)) return;
  if (s->rumour_count == RUMOURS_MAX) {
    s->rumour_count--;
    memmove(s->rumours, s->rumours + 1, s->rumour_count * sizeof *s->rumours);
  }
  s->rumours[s->rumour_count++] = *at;
  transmit(s, at, s->discover, DATAGRAM_MAX);
}

/* --- DNS messages (RFC 1035), as far as finding agents needs them --- */

enum { DNS_A = 1, DNS_PTR = 12, DNS_AAAA = 28, DNS_SRV = 33, DNS_IN = 1, DNS_ANY = 255, DNS_TOP = 0x8000 };

typedef struct dns_reader {
  const uint8_t *bytes;
  size_t size, at;
  int bad;
} dns_reader;

/** What a message says of a name. `at` and `size` are where its data is. */
typedef struct dns_record {
  dns_name name;
  uint32_t type, ttl;
  size_t at, size;
} dns_record;

typedef struct service {
  dns_name target;
  uint32_t priority, port;
} service;

/** `width` is 2 or 4; what is wider is passed over. */
static uint32_t dns_number(dns_reader *r, unsigned width) {
  if (r->bad || r->size - r->at < width) {
    r->bad = 1;
    return 0;
  }
  r->at += width;
  return take_uint(r->bytes + r->at - width, width);
}

/** Pointers lead backwards only, and few: a name that goes round in circles ends. */
static void dns_read_name(dns_reader *r, dns_name *name) {
  size_t at = r->at, jumps = 0, i;
  name->size = 0;
  while (!r->bad) {
    const size_t label = at < r->size ? r->bytes[at] : 0xff;
    if (label >= 0xc0 && at + 2 <= r->size) {
      const size_t target = (label & 0x3f) << 8 | r->bytes[at + 1];
      if (jumps == 0) r->at = at + 2;
      r->bad = target >= at || ++jumps > DNS_JUMPS_MAX;
      at = target;
      continue;
    }
    r->bad = label > 63 || at + 1 + label > r->size || name->size + 1 + label > 255;
    if (r->bad) return;
    for (i = 0; i <= label; i++) name->bytes[name->size++] = (uint8_t)fold(r->bytes[at + i]);
    at += 1 + label;
    if (label != 0) continue;
    if (jumps == 0) r->at = at;
    return;
  }
}

static int dns_same_name(const dns_name *one, const dns_name *other) {
  return one->size == other->size && memcmp(one->bytes, other->bytes, one->size) == 0;
}

/** The head of a response: how many questions and records follow; 0 when it is none. */
static int dns_begin(dns_reader *r, uint32_t *id, uint32_t *questions, uint32_t *records) {
  uint32_t flags;
  *id = dns_number(r, 2);
  flags = dns_number(r, 2);
  *questions = dns_number(r, 2);
  *records = dns_number(r, 2);
  *records += dns_number(r, 2);
  *records += dns_number(r, 2);
  return !r->bad && (flags & 0xf800) == 0x8000 && *questions <= DNS_QUESTIONS_MAX &&
         *records <= DNS_RECORDS_MAX;
}

/** The next record; 0 where it is of no class that matters, or there is none. */
static int dns_next(dns_reader *r, dns_record *record) {
  uint32_t class_of;
  dns_read_name(r, &record->name);
  record->type = dns_number(r, 2);
  class_of = dns_number(r, 2) & ~(uint32_t)DNS_TOP;
  record->ttl = dns_number(r, 4);
  record->size = dns_number(r, 2);
  record->at = r->at;
  if (r->bad || r->size - r->at < record->size) {
    r->bad = 1;
    return 0;
  }
  if (class_of == DNS_IN || class_of == DNS_ANY) {
    dns_name name;
    if (record->type == DNS_SRV) (void)dns_number(r, 6);
    if (record->type == DNS_SRV || record->type == DNS_PTR) dns_read_name(r, &name);
    /* A name that is said to go on behind its record makes the whole out of form. */
    r->bad |= r->at > record->at + record->size;
  }
  if (!r->bad) r->at = record->at + record->size;
  return !r->bad && (class_of == DNS_IN || class_of == DNS_ANY);
}

/** What an SRV record says; 0 where it names no port. */
static int dns_read_service(const dns_reader *r, const dns_record *record, service *found) {
  dns_reader own = *r;
  own.at = record->at;
  found->priority = dns_number(&own, 2);
  (void)dns_number(&own, 2);
  found->port = dns_number(&own, 2);
  dns_read_name(&own, &found->target);
  return !own.bad && found->port != 0;
}

/** Bytes of an address record, or 0 where it is none. */
static size_t dns_address_size(const dns_record *record) {
  if (record->type == DNS_A && record->size == V4_SIZE) return V4_SIZE;
  return record->type == DNS_AAAA && record->size == V6_SIZE ? V6_SIZE : 0;
}

/** Puts a service among those that are known, the lower priority first. */
static void add_service(service *services, size_t *count, const service *found) {
  size_t at = *count;
  while (at > 0 && services[at - 1].priority > found->priority) at--;
  if (at == SERVICES_MAX) return;
  if (*count < SERVICES_MAX) ++*count;
  memmove(services + at + 1, services + at, (*count - at - 1) * sizeof *services);
  services[at] = *found;
}

/**
 * The services of a response whose names end in `suffix` and that may be believed for `least` seconds,
 * and the reader at its first record; the count, or 0 where it is out of form.
 */
static size_t dns_services(dns_reader *r, uint32_t records, const dns_name *suffix, uint32_t least,
                           service services[SERVICES_MAX]) {
  size_t count = 0;
  const size_t begin = r->at;
  while (records-- > 0 && !r->bad) {
    dns_record record;
    service found;
    if (!dns_next(r, &record) || record.type != DNS_SRV || record.ttl < least) continue;
    if (record.name.size < suffix->size ||
        memcmp(record.name.bytes + record.name.size - suffix->size, suffix->bytes, suffix->size) != 0)
      continue;
    if (dns_read_service(r, &record, &found)) add_service(services, &count, &found);
  }
  r->at = begin;
  return r->bad ? 0 : count;
}

static void dns_skip_questions(dns_reader *r, uint32_t questions) {
  while (questions-- > 0 && !r->bad) {
    dns_name name;
    dns_read_name(r, &name);
    (void)dns_number(r, 4);
  }
}

/* --- mDNS (RFC 6762): firewalls let it in that drop answers to broadcasts --- */

static const uint8_t MDNS_V4[V4_SIZE] = {224, 0, 0, 251};
static const uint8_t MDNS_V6[V6_SIZE] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb};
static const uint8_t ALL_NODES[V6_SIZE] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
/** Who is there: the pointers of `_usher._udp.local`. */
static const uint8_t MDNS_QUESTION[36] =
    "\0\0\0\0\0\1\0\0\0\0\0\0\6_usher\4_udp\5local\0\0\14\0\1";
enum { MDNS_PORT = 5353, MDNS_QUESTION_SIZE = 35, MDNS_NAME_AT = 12, MDNS_NAME_SIZE = 19 };

/** Takes in what an mDNS response names: anybody can make one, so only what is near counts. */
static void hear_mdns(usher_seat *s, const uint8_t *bytes, size_t size, uint32_t zone) {
  service services[SERVICES_MAX];
  dns_reader r;
  dns_name suffix;
  uint32_t id, questions, records;
  size_t count, i, learnt = 0;
  memset(&r, 0, sizeof r);
  r.bytes = bytes;
  r.size = size;
  suffix.size = MDNS_NAME_SIZE;
  memcpy(suffix.bytes, MDNS_QUESTION + MDNS_NAME_AT, MDNS_NAME_SIZE);
  if (!dns_begin(&r, &id, &questions, &records)) return;
  dns_skip_questions(&r, questions);
  /* In mDNS a time of zero takes a record back. */
  count = dns_services(&r, records, &suffix, 1, services);
  while (count > 0 && records-- > 0) {
    dns_record record;
    const int is_ours = dns_next(&r, &record);
    const size_t width = dns_address_size(&record);
    if (!is_ours || width == 0 || !is_near(s, bytes + record.at, width)) continue;
    if (width == V6_SIZE && is_link_local(bytes + record.at) && zone == 0) continue;
    for (i = 0; i < count; i++) {
      endpoint at;
      if (!dns_same_name(&services[i].target, &record.name)) continue;
      if (learnt++ == ENDPOINTS_OF_ANSWER_MAX) return;
      at = make_endpoint(bytes + record.at, width, zone, services[i].port);
      learn(s, &at);
    }
  }
}

/** A socket for the group on a link, beside those of the computer's own responder. */
static socket_t open_group_socket(const uint8_t *group, size_t size, uint32_t zone) {
  endpoint at = make_endpoint(group, size, zone, MDNS_PORT);
  const socket_t made = open_plain_socket(size == V4_SIZE ? AF_INET : AF_INET6);
  int on = 1, hops = 255, fails;
  if (made == NO_SOCKET) return NO_SOCKET;
#ifdef _WIN32
  /* Windows binds to no group. */
  {
    static const uint8_t ANY[V6_SIZE] = {0};
    at = make_endpoint(ANY, size, 0, MDNS_PORT);
  }
#endif
  fails = setsockopt(made, SOL_SOCKET, SO_REUSEADDR, (const char *)&on, sizeof on) != 0;
#if !defined(_WIN32) && !defined(__linux__) && defined(SO_REUSEPORT)
  fails |= setsockopt(made, SOL_SOCKET, SO_REUSEPORT, (const char *)&on, sizeof on) != 0;
#endif
  if (size == V4_SIZE) {
#ifdef _WIN32
    fails |= setsockopt(made, IPPROTO_IP, IP_MULTICAST_TTL, (const char *)&hops, sizeof hops) != 0;
#else
    const unsigned char ttl = (unsigned char)hops;
    fails |= setsockopt(made, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) != 0;
#endif
  } else {
    const int only = 1;
    fails |= setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&only, sizeof only) != 0;
    fails |= setsockopt(made, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, (const char *)&hops, sizeof hops) != 0;
    fails |= setsockopt(made, IPPROTO_IPV6, IPV6_MULTICAST_IF, (const char *)&zone, sizeof zone) != 0;
  }
  fails |= bind(made, (const struct sockaddr *)&at.address, at.size) != 0;
  if (!fails) return made;
  close_socket(made);
  return NO_SOCKET;
}

static ear *find_ear(usher_seat *s, ear_kind kind, size_t size, uint32_t zone) {
  size_t i;
  for (i = 0; i < s->ear_count; i++)
    if (s->ears[i].kind == kind && s->ears[i].size == size && s->ears[i].zone == zone)
      return &s->ears[i];
  return NULL;
}

static ear *add_ear(usher_seat *s, socket_t made, ear_kind kind, size_t size, uint32_t zone) {
  ear *e = &s->ears[s->ear_count];
  if (made == NO_SOCKET) return NULL;
  s->ear_count++;
  e->socket = made;
  e->kind = kind;
  e->size = size;
  e->zone = zone;
  return e;
}

/** Hears the group on the link of an address of this computer; errors mean that it does already. */
static ear *join_group(usher_seat *s, const network *n) {
  const uint8_t *group = n->size == V4_SIZE ? MDNS_V4 : MDNS_V6;
  const uint32_t zone = n->size == V4_SIZE ? 0 : n->zone;
  ear *e = find_ear(s, EAR_MDNS, n->size, zone);
  if (e == NULL && s->ear_count < EARS_MAX - 2)
    e = add_ear(s, open_group_socket(group, n->size, zone), EAR_MDNS, n->size, zone);
  if (e == NULL) return NULL;
  if (n->size == V4_SIZE) {
    struct ip_mreq wish;
    memcpy(&wish.imr_multiaddr, group, V4_SIZE);
    memcpy(&wish.imr_interface, n->address, V4_SIZE);
    (void)setsockopt(e->socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, (const char *)&wish, sizeof wish);
    (void)setsockopt(e->socket, IPPROTO_IP, IP_MULTICAST_IF, (const char *)n->address, V4_SIZE);
  } else {
    struct ipv6_mreq wish;
    memset(&wish, 0, sizeof wish);
    memcpy(&wish.ipv6mr_multiaddr, group, V6_SIZE);
    wish.ipv6mr_interface = zone;
    (void)setsockopt(e->socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, (const char *)&wish, sizeof wish);
  }
  return e;
}

/** Listens on every link, and asks there when that is due. */
static void ask_links(usher_seat *s, int64_t now) {
  const int is_due = now >= s->question_at;
  size_t i;
  if (is_due) {
    s->question_at = now + doubling(1000, s->questions_asked, 60000);
    s->questions_asked++;
  }
  for (i = 0; i < s->network_count; i++) {
    const network *n = &s->networks[i];
    const uint8_t *group = n->size == V4_SIZE ? MDNS_V4 : MDNS_V6;
    ear *e;
    endpoint to;
    if (is_loopback(n) || (n->size == V6_SIZE && (!is_link_local(n->address) || n->zone == 0)))
      continue;
    e = join_group(s, n);
    if (e == NULL || !is_due || !is_first_of_link(s, i)) continue;
    to = make_endpoint(group, n->size, n->zone, MDNS_PORT);
    send_from(e->socket, &to, MDNS_QUESTION, MDNS_QUESTION_SIZE);
  }
}

/* --- DNS SRV (RFC 2782): one record tells a whole site where its agents are --- */

/** The servers of names of this computer, as text. */
static void add_server(usher_seat *s, const char *text) {
  struct addrinfo hints, *found;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST;
  if (s->server_count == SERVERS_MAX || getaddrinfo(text, "53", &hints, &found) != 0) return;
  if (found->ai_addrlen <= sizeof s->servers[0].address &&
      (found->ai_family == AF_INET || found->ai_family == AF_INET6)) {
    endpoint *at = &s->servers[s->server_count++];
    memset(at, 0, sizeof *at);
    memcpy(&at->address, found->ai_addr, (size_t)found->ai_addrlen);
    at->size = (socklen_type)found->ai_addrlen;
  }
  freeaddrinfo(found);
}

/** The name `_usher._udp.<domain>`; 0 where the domain is none, or mDNS' own. */
static int make_service_name(dns_name *name, const char *domain) {
  size_t left = strlen(domain);
  if (left > 0 && domain[left - 1] == '.') left--;
  if (left == 0 || left > 230) return 0;
  memcpy(name->bytes, MDNS_QUESTION + MDNS_NAME_AT, 12);
  name->size = 12;
  for (;;) {
    size_t label = 0, i;
    while (label < left && domain[label] != '.') label++;
    if (label == 0 || label > 63) return 0;
    name->bytes[name->size++] = (uint8_t)label;
    for (i = 0; i < label; i++) {
      const int c = fold((unsigned char)domain[i]);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return 0;
      name->bytes[name->size++] = (uint8_t)c;
    }
    if (label == left) break;
    domain += label + 1;
    left -= label + 1;
  }
  name->bytes[name->size++] = 0;
  return name->size != MDNS_NAME_SIZE || memcmp(name->bytes + 12, "\5local", 7) != 0;
}

/** A question of its own, unless it is asked already; the oldest that is answered makes room. */
static void add_lookup(usher_seat *s, const dns_name *name, uint32_t type, uint32_t port) {
  lookup *l = NULL;
  size_t i;
  for (i = 0; i < LOOKUPS_MAX; i++) {
    lookup *one = &s->lookups[i];
    if (one->is_open && one->type == type && dns_same_name(&one->name, name)) return;
    if (!one->is_open && l == NULL) l = one;
  }
  if (l == NULL || !random_bytes((uint8_t *)&l->id, sizeof l->id)) return;
  l->is_open = 1;
  l->name = *name;
  l->type = type;
  l->port = port;
  l->asked = 0;
  l->ask_at = 0;
}

static void add_domain(usher_seat *s, const char *domain) {
  dns_name name;
  size_t i, open = 0;
  for (i = 0; i < LOOKUPS_MAX; i++) open += s->lookups[i].is_open != 0;
  if (open < DOMAINS_MAX && make_service_name(&name, domain)) add_lookup(s, &name, DNS_SRV, 0);
}

/** Hands on each word of a text that has spaces or commas between. */
static void each_word(usher_seat *s, const char *words, void each(usher_seat *, const char *)) {
  char word[256];
  for (words += strspn(words, ", \t\r\n"); *words != 0; words += strspn(words, ", \t\r\n")) {
    const size_t size = strcspn(words, ", \t\r\n");
    if (size < sizeof word) {
      memcpy(word, words, size);
      word[size] = 0;
      each(s, word);
    }
    words += size;
  }
}

#ifdef _WIN32
/** A value of a key of the registry, as text; "" where there is none. */
static void read_value(HKEY key, const char *name, char *out, DWORD size) {
  DWORD type = 0;
  if (RegQueryValueExA(key, name, NULL, &type, (BYTE *)out, &size) != ERROR_SUCCESS ||
      type != REG_SZ || size == 0) {
    out[0] = 0;
    size = 1;
  }
  out[size - 1] = 0;
}

static void read_network_key(usher_seat *s, HKEY key) {
  static const char *const SERVERS[] = {"NameServer", "DhcpNameServer"};
  static const char *const DOMAINS[] = {"SearchList", "Domain", "DhcpDomain"};
  char text[1024];
  size_t i;
  for (i = 0; i < 2; i++) {
    read_value(key, SERVERS[i], text, sizeof text);
    each_word(s, text, add_server);
  }
  for (i = 0; i < 3; i++) {
    read_value(key, DOMAINS[i], text, sizeof text);
    each_word(s, text, add_domain);
  }
}

/** What the administrator set, and what each network gave by DHCP. */
static void read_name_settings(usher_seat *s) {
  HKEY all, each, one;
  char name[64];
  DWORD i, size = sizeof name;
  if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters", 0,
                    KEY_READ, &all) != ERROR_SUCCESS)
    return;
  read_network_key(s, all);
  if (RegOpenKeyExA(all, "Interfaces", 0, KEY_READ, &each) == ERROR_SUCCESS) {
    for (i = 0; i < NETWORKS_MAX; i++, size = sizeof name) {
      if (RegEnumKeyExA(each, i, name, &size, NULL, NULL, NULL, NULL) != ERROR_SUCCESS) break;
      if (RegOpenKeyExA(each, name, 0, KEY_READ, &one) != ERROR_SUCCESS) continue;
      read_network_key(s, one);
      (void)RegCloseKey(one);
    }
    (void)RegCloseKey(each);
  }
  (void)RegCloseKey(all);
}
#else
static void read_name_settings(usher_seat *s) {
  char line[1024], host[256] = "";
  const char *dot;
  FILE *settings = fopen("/etc/resolv.conf", "r");
  int lines = 0;
  while (settings != NULL && lines++ < 256 && fgets(line, sizeof line, settings) != NULL) {
    const size_t word = strcspn(line, " \t\r\n");
    if (word == 10 && memcmp(line, "nameserver", 10) == 0) each_word(s, line + word, add_server);
    if (word == 6 && (memcmp(line, "search", 6) == 0 || memcmp(line, "domain", 6) == 0))
      each_word(s, line + word, add_domain);
  }
  if (settings != NULL) (void)fclose(settings);
  if (gethostname(host, sizeof host - 1) == 0 && (dot = strchr(host, '.')) != NULL)
    add_domain(s, dot + 1);
}
#endif

/** Sends what is due of the questions to one server after the other. */
static void ask_servers(usher_seat *s, int64_t now) {
  size_t i;
  for (i = 0; i < LOOKUPS_MAX && s->server_count > 0; i++) {
    lookup *l = &s->lookups[i];
    uint8_t bytes[12 + 256 + 4] = {0};
    const endpoint *to = &s->servers[l->asked % s->server_count];
    const size_t size = to->address.ss_family == AF_INET ? V4_SIZE : V6_SIZE;
    ear *e;
    if (!l->is_open || now < l->ask_at) continue;
    if (l->asked++ == LOOKUP_ATTEMPTS) {
      l->is_open = 0;
      continue;
    }
    l->ask_at = now + 1000;
    e = find_ear(s, EAR_DNS, size, 0);
    if (e == NULL && s->ear_count < EARS_MAX)
      e = add_ear(s, open_plain_socket(size == V4_SIZE ? AF_INET : AF_INET6), EAR_DNS, size, 0);
    if (e == NULL) continue;
    memcpy(bytes, &l->id, 2);
    bytes[2] = 1; /* look it up for me */
    bytes[5] = 1;
    memcpy(bytes + 12, l->name.bytes, l->name.size);
    bytes[12 + l->name.size + 1] = (uint8_t)l->type;
    bytes[12 + l->name.size + 3] = DNS_IN;
    send_from(e->socket, to, bytes, 12 + l->name.size + 4);
  }
}

/** The question that a response answers; NULL where it answers none that was asked there. */
static lookup *find_lookup(usher_seat *s, dns_reader *r, uint32_t id, const endpoint *from) {
  dns_name name;
  uint32_t type;
  size_t i, j;
  dns_read_name(r, &name);
  type = dns_number(r, 2);
  (void)dns_number(r, 2);
  for (i = 0; i < LOOKUPS_MAX && !r->bad; i++) {
    lookup *l = &s->lookups[i];
    if (!l->is_open || take_uint((const uint8_t *)&l->id, 2) != id || l->type != type) continue;
    if (!dns_same_name(&l->name, &name)) continue;
    for (j = 0; j < s->server_count; j++)
      if (same_endpoint(&s->servers[j], from)) return l;
  }
  return NULL;
}

/** Asks every address of a name that the response tells, at this port; how many there were. */
static size_t learn_addresses(usher_seat *s, dns_reader r, uint32_t records, const dns_name *name,
                              uint32_t port) {
  size_t learnt = 0;
  while (records-- > 0 && learnt < RUMOURS_MAX) {
    dns_record record;
    const int is_ours = dns_next(&r, &record);
    const size_t width = dns_address_size(&record);
    endpoint at;
    if (!is_ours || width == 0 || (name != NULL && !dns_same_name(name, &record.name))) continue;
    if (width == V6_SIZE && is_link_local(r.bytes + record.at)) continue;
    at = make_endpoint(r.bytes + record.at, width, 0, port);
    learn(s, &at);
    learnt++;
  }
  return learnt;
}

static void hear_server(usher_seat *s, const uint8_t *bytes, size_t size, const endpoint *from) {
  service services[SERVICES_MAX];
  dns_reader r;
  uint32_t id, questions, records;
  lookup *l;
  size_t count, i;
  memset(&r, 0, sizeof r);
  r.bytes = bytes;
  r.size = size;
  if (!dns_begin(&r, &id, &questions, &records) || questions != 1) return;
  l = find_lookup(s, &r, id, from);
  if (l == NULL) return;
  l->is_open = 0;
  if (l->type != DNS_SRV) {
    /* Under whichever name: it may be another one's second. */
    (void)learn_addresses(s, r, records, NULL, l->port);
    return;
  }
  count = dns_services(&r, records, &l->name, 0, services);
  for (i = 0; i < count; i++) {
    if (learn_addresses(s, r, records, &services[i].target, services[i].port) > 0) continue;
    add_lookup(s, &services[i].target, DNS_A, services[i].port);
    add_lookup(s, &services[i].target, DNS_AAAA, services[i].port);
  }
  ask_servers(s, clock_ms());
}

static void ask_domains(usher_seat *s, int64_t now) {
  if (s->domains_asked == 0 || now - s->domains_asked >= DOMAINS_AGAIN_MS) {
    s->domains_asked = now;
    s->server_count = 0;
    memset(s->lookups, 0, sizeof s->lookups);
    read_name_settings(s);
  }
  ask_servers(s, now);
}

/** Hears what links and servers of names have said meanwhile. */
static void hear_further(usher_seat *s) {
  uint8_t bytes[DNS_MAX];
  size_t i, left, size;
  for (i = 0; i < s->ear_count; i++)
    for (left = 8; left > 0; left--) {
      const ear e = s->ears[i];
      endpoint from;
      if (!take_into(e.socket, bytes, sizeof bytes, &size, &from)) break;
      if (e.kind == EAR_DNS) hear_server(s, bytes, size, &from);
      else hear_mdns(s, bytes, size, zone_of(s, &from));
    }
}

/** Nobody is looked for any more. */
static void end_further(usher_seat *s) {
  while (s->ear_count > 0) close_socket(s->ears[--s->ear_count].socket);
  s->question_at = 0;
  s->questions_asked = 0;
}

/* --- asking around --- */

static void ask_v4(const usher_seat *s, const uint8_t address[V4_SIZE]) {
  const endpoint to = make_endpoint(address, V4_SIZE, 0, s->port);
  transmit(s, &to, s->discover, DATAGRAM_MAX);
}

/** The broadcast address of a network: every bit set that the mask leaves out. */
static void broadcast_of(uint8_t address[V4_SIZE], const network *n) {
  size_t i;
  for (i = 0; i < V4_SIZE; i++) address[i] = (uint8_t)(n->address[i] | ~n->mask[i]);
}

/** Sends a discover to the broadcast address of each network once; whether one of them leads out. */
static int broadcast(const usher_seat *s) {
  static const uint8_t LIMITED[V4_SIZE] = {255, 255, 255, 255}, OWN[V4_SIZE] = {127, 0, 0, 1};
  size_t i, j;
  int leads_out = 0;
  for (i = 0; i < s->network_count; i++) {
    const network *n = &s->networks[i];
    uint8_t address[V4_SIZE], other[V4_SIZE];
    if (n->size != V4_SIZE) continue;
    leads_out |= !is_loopback(n);
    /* An agent on this very computer is found even where broadcasts do not come back. */
    if (memcmp(n->address, OWN, V4_SIZE) == 0) ask_v4(s, OWN);
    broadcast_of(address, n);
    for (j = 0; j < i; j++) {
      broadcast_of(other, &s->networks[j]);
      if (s->networks[j].size == V4_SIZE && memcmp(address, other, V4_SIZE) == 0) break;
    }
    if (j == i) ask_v4(s, address);
  }
  if (s->has_all_interfaces) ask_v4(s, LIMITED);
  return leads_out;
}

/** The same to all nodes of each link that has IPv6. */
static void multicast(const usher_seat *s) {
  size_t i;
  for (i = 0; i < s->network_count; i++) {
    const network *n = &s->networks[i];
    endpoint to;
    if (n->size != V6_SIZE || !is_link_local(n->address) || n->zone == 0) continue;
    if (!is_first_of_link(s, i)) continue;
    to = make_endpoint(ALL_NODES, V6_SIZE, n->zone, s->port);
    transmit(s, &to, s->discover, DATAGRAM_MAX);
  }
}

/**
 * Sends a discover to every place where an agent may be: at first to those that cost little, and when
 * nobody has answered everywhere. Who hears the second one may answer by mDNS: that is listened to
 * before.
 */
static void ask_around(usher_seat *s, int is_again) {
  const int64_t now = clock_ms();
  const int looks = s->has_all_interfaces || s->interfaces[0] != 0;
  size_t i;
  find_networks(s);
  if (is_again && looks) {
    ask_links(s, now);
    ask_domains(s, now);
  }
  for (i = 0; i < s->endpoint_count; i++) transmit(s, &s->endpoints[i], s->discover, DATAGRAM_MAX);
  for (i = 0; i < s->rumour_count; i++) transmit(s, &s->rumours[i], s->discover, DATAGRAM_MAX);
  if (!broadcast(s) || is_again) multicast(s);
}

/** Resolves a host and adds what is found. */
static void add_endpoints(usher_seat *s, const char *host, const char *port) {
  struct addrinfo hints, *all, *one;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  if (getaddrinfo(host, port, &hints, &all) != 0) return;
  for (one = all; one != NULL && s->endpoint_count < ENDPOINTS_MAX; one = one->ai_next) {
    endpoint *at = &s->endpoints[s->endpoint_count];
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    if (one->ai_addrlen > sizeof at->address) continue;
    memset(at, 0, sizeof *at);
    memcpy(&at->address, one->ai_addr, (size_t)one->ai_addrlen);
    at->size = (socklen_type)one->ai_addrlen;
    s->endpoint_count++;
  }
  freeaddrinfo(all);
}

/** One of `host`, `host:port`, `[ipv6]:port`, `ipv6`; 0 when it is none of them. */
static int add_agent_address(usher_seat *s, char *word) {
  char own_port[8];
  const char *port = own_port;
  char *end, *colon = strchr(word, ':');
  (void)snprintf(own_port, sizeof own_port, "%u", (unsigned)s->port);
  if (word[0] == '[') {
    end = strchr(++word, ']');
    if (end == NULL || (end[1] != 0 && end[1] != ':')) return 0;
    if (end[1] == ':') port = end + 2;
    *end = 0;
  } else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
    *colon = 0;
    port = colon + 1;
  }
  if (word[0] == 0 || strspn(port, "0123456789") != strlen(port)) return 0;
  if (strlen(port) > 5 || atol(port) < 1 || atol(port) > 65535) return 0;
  add_endpoints(s, word, port);
  return 1;
}

static int add_agent_addresses(usher_seat *s, const char *words) {
  char word[264];
  if (words == NULL) return 1;
  for (words += strspn(words, ", \t\r\n"); *words != 0; words += strspn(words, ", \t\r\n")) {
    const size_t size = strcspn(words, ", \t\r\n");
    if (size >= sizeof word) return 0;
    memcpy(word, words, size);
    word[size] = 0;
    if (!add_agent_address(s, word)) return 0;
    words += size;
  }
  return 1;
}

/**
 * Takes in an offer to this search. Anybody can make one in another's name, so one that differs in
 * anything that matters counts as another agent until it is asked: a forged one pushes no genuine
 * one aside.
 */
static void note_offer(usher_seat *s, size_t size, const endpoint *from) {
  offer f;
  agent *a;
  size_t i;
  if (!read_offer(span_of(s->datagram, size), text_of(s->product), &f)) return;
  if (memcmp(f.nonce.at, s->nonce, NONCE_SIZE) != 0) return;
  for (i = 0; i < s->agent_count; i++) {
    a = &s->agents[i];
    if (memcmp(a->key, f.key.at, KEY_SIZE) != 0 || !same_endpoint(&a->at, from)) continue;
    if (memcmp(a->epoch, f.epoch.at, EPOCH_SIZE) != 0) continue;
    if (memcmp(a->cookie, f.cookie.at, COOKIE_SIZE) != 0) continue;
    /* It may have been starting: one that offers again is worth asking again. */
    if (a->failure == USHER_SILENT) a->failure = USHER_OK;
    a->free = f.free;
    return;
  }
  if (s->agent_count == OFFERS_MAX) return;
  a = &s->agents[s->agent_count++];
  memset(a, 0, sizeof *a);
  memcpy(a->key, f.key.at, KEY_SIZE);
  memcpy(a->epoch, f.epoch.at, EPOCH_SIZE);
  memcpy(a->cookie, f.cookie.at, COOKIE_SIZE);
  /* 64 UTF-16 units are 192 bytes at most. */
  if (f.name.size < sizeof a->name) memcpy(a->name, f.name.at, f.name.size);
  a->at = *from;
  a->free = f.free;
  if (f.oldest > MAJOR || f.newest < MAJOR) a->failure = USHER_NO_COMMON_VERSION;
}

/* ---------------------------------------------------------------------------------------------------
 * Asking
 * ------------------------------------------------------------------------------------------------ */

static int make_keys(const usher_seat *s, agent *a) {
  if (!a->has_keys) {
    a->is_sound = derive_keys(a->request_key, a->reply_key, s->secret, s->client_key, a->key);
    a->has_keys = 1;
  }
  return a->is_sound;
}

/** Seals and sends a request under a number that was never used, as a hello where that is needed. */
static void say(usher_seat *s, agent *a, const request *q, int is_hello) {
  uint8_t datagram[DATAGRAM_MAX];
  size_t size;
  if (!make_keys(s, a)) return;
  size = build_sealed(datagram, s->client_key, a->epoch, ++s->number, q, a->request_key,
                      is_hello ? a->cookie : NULL);
  transmit(s, &a->at, datagram, size);
}

enum { HEARD_NOTHING, HEARD_ANSWER, HEARD_STOP };

/** The next reply of an agent before `until`, whichever; offers are taken in beside. */
static int hear(usher_seat *s, const agent *a, int64_t until, reply *answer) {
  size_t size;
  while (receive(s, until, &size, &s->from)) {
    if (frame_type(span_of(s->datagram, size)) == FRAME_OFFER) note_offer(s, size, &s->from);
    else if (a->has_keys && a->is_sound &&
             open_reply(s->datagram, size, s->client_key, a->reply_key, answer))
      return HEARD_ANSWER;
    if (clock_ms() >= until || is_stopped(s)) break;
  }
  return is_stopped(s) ? HEARD_STOP : HEARD_NOTHING;
}

/**
 * Sends a request, and again under the same id, until an answer of one of the `kinds` (a bit each),
 * or a refusal, has come or `attempts` have been made. `first_sent` is when it was sent first.
 */
static int ask(usher_seat *s, agent *a, const request *q, unsigned kinds, unsigned attempts,
               reply *answer, int64_t *first_sent) {
  unsigned attempt;
  *first_sent = clock_ms();
  if (!make_keys(s, a)) return HEARD_NOTHING;
  for (attempt = 0; attempt < attempts; attempt++) {
    const int64_t until = clock_ms() + doubling(100, attempt, 800);
    say(s, a, q, !a->knows_us || attempt > 0);
    for (;;) {
      const int heard = hear(s, a, until, answer);
      if (heard == HEARD_STOP) return HEARD_STOP;
      if (heard == HEARD_NOTHING) break;
      if (answer->id != q->id) continue;
      if (answer->kind == REPLY_NEW_EPOCH) {
        memcpy(a->epoch, answer->epoch, EPOCH_SIZE);
        say(s, a, q, 0);
      } else if (answer->kind == REPLY_REFUSED || (kinds >> answer->kind & 1) != 0) {
        a->knows_us = 1;
        /* It opened, and no reply answers a waiting id twice: this is where the agent is. */
        a->at = s->from;
        return HEARD_ANSWER;
      }
    }
  }
  return HEARD_NOTHING;
}

/** Gives back what an agent may have counted: insistently, or once where it does not answer. */
static void release_at(usher_seat *s, agent *a, unsigned attempts) {
  const volatile sig_atomic_t *stop = s->stop;
  request q;
  reply answer;
  int64_t first_sent;
  build_release(&q, ++s->id);
  /* Who wants to stop wants to be polite, too. */
  s->stop = NULL;
  if (attempts == 0) say(s, a, &q, 1);
  else (void)ask(s, a, &q, 1u << REPLY_RELEASED, attempts, &answer, &first_sent);
  s->stop = stop;
}

static usher_code code_of(uint32_t refusal) {
  return refusal >= USHER_NO_LICENSE && refusal <= USHER_SITE_CHILD ? (usher_code)refusal
                                                                   : USHER_BAD_REQUEST;
}

/* ---------------------------------------------------------------------------------------------------
 * Acquiring
 * ------------------------------------------------------------------------------------------------ */

enum { ATTEMPTS_MAX = 6, HESITATION_MAX = 3, RELEASE_ATTEMPTS = 4 };
/* After so long, agents that said "none free" are asked too; a search that all refused ends; and
 * nobody new is asked in spite of the patience. Milliseconds. */
enum { SETTLE_MS = 300, EARLY_END_MS = 700, OVERTIME_MS = 10000, PATIENCE_MS = 3000 };

/** Fetches a proof whole and checks that it is the one that was named. */
static usher_code fetch_proof(usher_seat *s, agent *a, const uint8_t hash[HASH_SIZE], span *proof) {
  uint32_t total = 0, have = 0;
  uint8_t found[HASH_SIZE];
  do {
    request q;
    reply answer;
    int64_t first_sent;
    int heard;
    build_document(&q, ++s->id, hash, have);
    heard = ask(s, a, &q, 1u << REPLY_PIECE, ATTEMPTS_MAX, &answer, &first_sent);
    if (heard != HEARD_ANSWER) return heard == HEARD_STOP ? USHER_STOPPED : USHER_SILENT;
    if (answer.kind == REPLY_REFUSED) return code_of(answer.refusal);
    if (have == 0) total = answer.total;
    if (answer.total != total || total > PROOF_MAX || answer.offset != have ||
        answer.bytes.size == 0 || answer.bytes.size > total - have)
      return USHER_UNTRUSTED_NOT_PROVEN;
    memcpy(s->proof + have, answer.bytes.at, answer.bytes.size);
    have += (uint32_t)answer.bytes.size;
  } while (have < total);
  *proof = span_of(s->proof, total);
  hash_of(found, *proof);
  return equal_bytes(found, hash, HASH_SIZE) ? USHER_OK : USHER_UNTRUSTED_NOT_PROVEN;
}

/** Fetches and believes one license, and judges what it is worth. */
static usher_code prove_license(usher_seat *s, agent *a, const usher_options *o,
                                const uint8_t hash[HASH_SIZE], worth *found) {
  shown_proof p;
  question q;
  span bytes;
  usher_code code = fetch_proof(s, a, hash, &bytes);
  if (code != USHER_OK) return code;
  q.vendor_keys = o->vendor_keys;
  q.vendor_key_count = o->vendor_key_count;
  q.agent_key = a->key;
  q.wall = calendar();
  code = check_proof(bytes, &q, &p);
  if (code != USHER_OK) return code;
  if (!text_is(p.license.product, o->product)) return USHER_UNTRUSTED_OTHER_PRODUCT;
  *found = judge_license(&p.license, o);
  memcpy(found->hash, hash, HASH_SIZE);
  return USHER_OK;
}

/** Believes in a grant, or says why not. Two parts may be pools of one license. */
static usher_code prove(usher_seat *s, agent *a, const usher_options *o, const grant *g) {
  worth worths[PARTS_MAX];
  const worth *of_part[PARTS_MAX];
  uint32_t i, j, known = 0;
  for (i = 0; i < g->part_count; i++) {
    usher_code code;
    for (j = 0; j < known; j++)
      if (memcmp(worths[j].hash, g->parts[i].document, HASH_SIZE) == 0) break;
    if (j == known) {
      code = prove_license(s, a, o, g->parts[i].document, &worths[known]);
      if (code != USHER_OK) return code;
      known++;
    }
    of_part[i] = &worths[j];
    code = check_part(&g->parts[i], of_part[i]);
    if (code != USHER_OK) return code;
  }
  {
    const usher_code code = check_together(g->parts, of_part, g->part_count, o);
    if (code != USHER_OK) return code;
  }
  /* The time that the proof took counts. */
  return clock_ms() < g->until ? USHER_OK : USHER_SILENT;
}

/** A grant counts from when its request was sent first. Proves it, and gives it back if that fails. */
static usher_code take_grant(usher_seat *s, agent *a, const usher_options *o, const reply *answer,
                             int64_t first_sent, grant *g) {
  usher_code code;
  g->first_sent = first_sent;
  g->term = answer->term;
  g->until = first_sent + (int64_t)answer->term * 1000;
  g->overdraft = answer->overdraft;
  g->part_count = answer->part_count;
  memcpy(g->parts, answer->parts, sizeof g->parts);
  g->within = answer->seconds;
  g->ticket_size = answer->seconds == 0 ? 0 : answer->ticket.size;
  if (g->ticket_size > 0) memcpy(g->ticket, answer->ticket.at, g->ticket_size);
  memcpy(a->epoch, answer->epoch, EPOCH_SIZE);
  s->heard_number = answer->number;
  code = prove(s, a, o, g);
  if (code != USHER_OK) release_at(s, a, code == USHER_SILENT ? 0 : RELEASE_ATTEMPTS);
  return code;
}

static usher_code refused_by(agent *a, const reply *answer) {
  a->in_use = answer->in_use;
  a->seats = answer->seats;
  return code_of(answer->refusal);
}

/** Asks one agent for a seat that is free now. */
static usher_code bid(usher_seat *s, agent *a, const usher_options *o, unsigned attempts, grant *g) {
  request q;
  reply answer;
  int64_t first_sent;
  int heard;
  if (!build_acquire(&q, ++s->id, o, &s->holder, 0, span_of(NULL, 0))) return USHER_TOO_LONG;
  heard = ask(s, a, &q, 1u << REPLY_GRANTED, attempts, &answer, &first_sent);
  if (heard != HEARD_ANSWER) {
    /* It may have granted one all the same. */
    release_at(s, a, 0);
    return heard == HEARD_STOP ? USHER_STOPPED : USHER_SILENT;
  }
  if (answer.kind == REPLY_REFUSED) return refused_by(a, &answer);
  return take_grant(s, a, o, &answer, first_sent, g);
}

/* --- standing in line --- */

static span ticket_for(const usher_seat *s, const agent *a) {
  if (!s->has_ticket || memcmp(s->ticket_agent, a->key, KEY_SIZE) != 0) return span_of(NULL, 0);
  return span_of(s->ticket, s->ticket_size);
}

/** An acquire that waits, with the last ticket where that fits. */
static int build_waiting(usher_seat *s, const agent *a, const usher_options *o, request *q,
                         uint32_t id) {
  return build_acquire(q, id, o, &s->holder, 1, ticket_for(s, a)) ||
         build_acquire(q, id, o, &s->holder, 1, span_of(NULL, 0));
}

static void note_place(usher_seat *s, const agent *a, const reply *answer) {
  if (answer->ticket.at != NULL) {
    memcpy(s->ticket, answer->ticket.at, answer->ticket.size);
    memcpy(s->ticket_agent, a->key, KEY_SIZE);
    s->ticket_size = answer->ticket.size;
    s->has_ticket = 1;
  }
  if (s->told_ahead == answer->ahead) return;
  s->told_ahead = answer->ahead;
  tell(s, USHER_NEWS_WAITING, USHER_OK, answer->ahead);
}

/**
 * Repeats a queued acquire until it is our turn (HEARD_ANSWER, with the last answer: queued with a
 * turn, granted or refused), the agent has been silent for twice the time it said, or stop.
 */
static int keep_place(usher_seat *s, agent *a, const usher_options *o, request *q, reply *answer) {
  uint32_t within = answer->seconds, unanswered = 0;
  int64_t heard_at = clock_ms();
  int64_t again = heard_at + most_of(1000, (int64_t)within * by_chance(s, 300, 400));
  for (;;) {
    const int heard = hear(s, a, again, answer);
    if (heard == HEARD_STOP) return HEARD_STOP;
    if (heard == HEARD_ANSWER) {
      if (answer->id != q->id && !(answer->id == 0 && answer->kind == REPLY_QUEUED)) continue;
      if (answer->kind == REPLY_NEW_EPOCH) {
        memcpy(a->epoch, answer->epoch, EPOCH_SIZE);
        again = clock_ms();
        continue;
      }
      if (answer->kind == REPLY_GRANTED || answer->kind == REPLY_REFUSED) return HEARD_ANSWER;
      if (answer->kind != REPLY_QUEUED) continue;
      note_place(s, a, answer);
      if (answer->turn) return HEARD_ANSWER;
      within = answer->seconds;
      unanswered = 0;
      heard_at = clock_ms();
      again = heard_at + most_of(1000, (int64_t)within * by_chance(s, 300, 400));
      continue;
    }
    if (clock_ms() - heard_at > (int64_t)within * 2000 && unanswered >= ATTEMPTS_MAX)
      return HEARD_NOTHING;
    if (!build_waiting(s, a, o, q, q->id)) return HEARD_NOTHING;
    say(s, a, q, 1);
    again = clock_ms() + doubling(500, unanswered++, (int64_t)within * 250);
  }
}

/** Stands in the line of one agent, for as long as it takes. */
static usher_code stand_in_line(usher_seat *s, agent *a, const usher_options *o, grant *g) {
  s->told_ahead = UINT_MAX32;
  for (;;) {
    request q;
    reply answer;
    int64_t first_sent;
    int heard;
    if (!build_waiting(s, a, o, &q, ++s->id)) return USHER_TOO_LONG;
    heard = ask(s, a, &q, 1u << REPLY_GRANTED | 1u << REPLY_QUEUED, ATTEMPTS_MAX, &answer,
                &first_sent);
    if (heard == HEARD_ANSWER && answer.kind == REPLY_GRANTED)
      return take_grant(s, a, o, &answer, first_sent, g);
    if (heard == HEARD_ANSWER && answer.kind == REPLY_QUEUED) {
      note_place(s, a, &answer);
      /* Who came when told to, and is told so once more, comes again, but takes the time for it. */
      heard = keep_place(s, a, o, &q, &answer);
    }
    if (heard != HEARD_ANSWER) {
      release_at(s, a, heard == HEARD_STOP ? RELEASE_ATTEMPTS : 0);
      return heard == HEARD_STOP ? USHER_STOPPED : USHER_SILENT;
    }
    if (answer.kind == REPLY_REFUSED) return refused_by(a, &answer);
    /* Our turn; or granted under an id that had waited, of which no term can be counted: anew. */
  }
}

/* --- the search --- */

static int passes_by_itself(usher_code code) {
  return code == USHER_NO_SEAT || code == USHER_RESERVED || code == USHER_LIMIT_REACHED;
}

/** How much a failure says about why there is no seat. */
static int weight_of(usher_code code) {
  switch ((int)code) {
    case USHER_OK: return 0;
    case USHER_SILENT: return 1;
    case USHER_NO_LICENSE: return 2;
    case USHER_NO_COMMON_VERSION: return 3;
    case USHER_NO_SEAT: return 6;
    default: return code >= USHER_UNTRUSTED_NOT_PROVEN ? 4 : 5;
  }
}

static agent *most_telling(usher_seat *s) {
  agent *best = NULL;
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (best == NULL || weight_of(s->agents[i].failure) > weight_of(best->failure))
      best = &s->agents[i];
  return best;
}

/** Whom to ask next: who has a free seat, in order of arrival, and later anyone. */
static agent *next_agent(usher_seat *s, int anyone) {
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].failure == USHER_OK && s->agents[i].free > 0) return &s->agents[i];
  for (i = 0; i < s->agent_count && anyone; i++)
    if (s->agents[i].failure == USHER_OK) return &s->agents[i];
  return NULL;
}

static int are_others_untried(const usher_seat *s, const agent *a) {
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (&s->agents[i] != a && s->agents[i].failure == USHER_OK) return 1;
  return 0;
}

/** What an agent said under seal is true at each of its addresses. */
static void note_failure(usher_seat *s, agent *a, usher_code code) {
  size_t i;
  a->failure = code;
  if (code == USHER_SILENT) return;
  for (i = 0; i < s->agent_count; i++)
    if (memcmp(s->agents[i].key, a->key, KEY_SIZE) == 0) s->agents[i].failure = code;
}

static int have_all_refused(const usher_seat *s) {
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].failure == USHER_OK || s->agents[i].failure == USHER_SILENT) return 0;
  return s->agent_count > 0;
}

/** An agent in whose line there is something to wait for. */
static agent *next_line(usher_seat *s) {
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (passes_by_itself(s->agents[i].failure)) return &s->agents[i];
  return NULL;
}

/** One look: when it began, when to ask around again, and whether it stood in a line before. */
typedef struct look {
  int64_t began, ask_at;
  uint32_t asked;
  int has_waited;
} look;

static int64_t patience_of(const usher_options *o) {
  return o->patience_ms == 0 ? PATIENCE_MS : (int64_t)o->patience_ms;
}

static void look_around(usher_seat *s, look *l, const usher_options *o, int64_t now) {
  size_t size;
  endpoint from;
  int64_t wake;
  if (now >= l->ask_at) {
    if (l->has_waited) s->agent_count = 0;
    ask_around(s, l->has_waited || l->asked > 0);
    l->ask_at = now + (l->has_waited ? by_chance(s, 3000, 6000) : doubling(100, l->asked++, 1000));
  }
  wake = least_of(l->ask_at, now + SETTLE_MS);
  if (!l->has_waited) {
    const int64_t patience = patience_of(o);
    wake = least_of(wake, most_of(l->began + patience, now + 1));
    /* Who said that none is free is asked in time, too. */
    if (l->began + patience / 2 > now) wake = least_of(wake, l->began + patience / 2);
  }
  if (!receive(s, wake, &size, &from)) return;
  note_offer(s, size, &from);
}

/** Looks for an agent with a seat. The winner is in `s->held`. */
static usher_code search(usher_seat *s, const usher_options *o, grant *g) {
  const int64_t patience = patience_of(o), settle = least_of(SETTLE_MS, patience / 2);
  look l;
  memset(&l, 0, sizeof l);
  l.began = l.ask_at = clock_ms();
  for (;;) {
    const int64_t now = clock_ms(), elapsed = now - l.began;
    agent *a = next_agent(s, elapsed >= settle);
    usher_code code;
    if (is_stopped(s)) return USHER_STOPPED;
    if (!l.has_waited && elapsed >= patience + OVERTIME_MS) a = NULL;
    if (a != NULL) {
      const unsigned attempts = are_others_untried(s, a) ? HESITATION_MAX : ATTEMPTS_MAX;
      code = ticket_for(s, a).at != NULL ? stand_in_line(s, a, o, g) : bid(s, a, o, attempts, g);
    } else {
      a = o->wait && elapsed >= settle ? next_line(s) : NULL;
      if (a == NULL) {
        const int is_over = have_all_refused(s) && elapsed >= EARLY_END_MS;
        if (!l.has_waited && (is_over || elapsed >= patience)) return USHER_NO_AGENT;
        look_around(s, &l, o, now);
        continue;
      }
      code = stand_in_line(s, a, o, g);
      if (code != USHER_OK && code != USHER_SILENT) note_failure(s, a, code);
      if (code != USHER_OK && code != USHER_SILENT) return code;
      /* It was away, perhaps to start anew: it keeps the place for a moment. */
      if (s->told_ahead != UINT_MAX32) l.has_waited = 1;
      l.ask_at = clock_ms() + by_chance(s, 3000, 6000);
    }
    if (code == USHER_OK) s->held = *a;
    if (code == USHER_OK || code == USHER_STOPPED || code == USHER_TOO_LONG) return code;
    note_failure(s, a, code);
  }
}

/* ---------------------------------------------------------------------------------------------------
 * Holding
 * ------------------------------------------------------------------------------------------------ */

enum { UNANSWERED_MAX = 2, FOLLOWS_MAX = 4, TELL_MS = 1000, WATCHFUL_MS = 250 };

/** Another agent of its site takes the seat over where its own is silent. */
static int is_shared(const usher_seat *s) { return s->takeover_size > 0; }

/**
 * Before a seat is renewed: 0.3 to 0.37 of its term, at random, so that not many do so together; and
 * where another agent takes it over, so soon that silence is noticed.
 */
static int64_t renew_after(usher_seat *s) {
  const int64_t usual = (int64_t)s->term * by_chance(s, 300, 370);
  return is_shared(s) ? least_of(usual, (int64_t)s->within * by_chance(s, 700, 1000)) : usual;
}

/** Before an unanswered renewal is tried again. */
static int64_t renew_again_after(usher_seat *s) {
  const int64_t first = is_shared(s) ? WATCHFUL_MS : 500;
  const int64_t pace = doubling(first, s->unanswered - 1, (int64_t)s->term * 1000 / 40);
  return pace * by_chance(s, 750, 1250) / 1000;
}

static int is_unreachable(const usher_seat *s) { return s->unanswered > UNANSWERED_MAX; }

static uint32_t to_milliseconds(int64_t left) {
  return left <= 0 ? 0 : left > (int64_t)UINT_MAX32 ? UINT_MAX32 : (uint32_t)left;
}

static void start_holding(usher_seat *s, const grant *g) {
  s->until = g->until;
  s->term = g->term;
  s->takeover_size = g->ticket_size;
  s->within = g->within;
  memcpy(s->takeover, g->ticket, g->ticket_size);
  /* As if renewed when it was asked for: proving the license may have taken a while. */
  s->due = g->first_sent + renew_after(s);
  tell(s, USHER_NEWS_HELD, USHER_OK, to_milliseconds(s->until - clock_ms()));
}

/** Nobody is to take the seat over any more. Who was asked may have. */
static void end_relief(usher_seat *s) {
  size_t i;
  if (!s->is_relieved) return;
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].is_bidden) release_at(s, &s->agents[i], 0);
  s->agent_count = 0;
  s->is_relieved = 0;
}

static void lose(usher_seat *s, usher_code code) {
  s->lost = code;
  s->until = 0;
  end_relief(s);
  /* The agent may count the seat a little longer: say that it is free. usher_release insists. */
  release_at(s, &s->held, 0);
  tell(s, USHER_NEWS_LOST, code, 0);
}

static uint32_t idle_seconds(const usher_seat *s, int64_t now) {
  const int64_t idle = s->has_idle ? (now - s->idle_since) / 1000 : 0;
  return idle < 0 ? 0 : idle > (int64_t)UINT_MAX32 ? UINT_MAX32 : (uint32_t)idle;
}

/** Each renewal has an id of its own: its answer extends the seat from when that one was sent. */
static void say_renewal(usher_seat *s, agent *to, int is_hello) {
  const int64_t now = clock_ms();
  request q;
  if (s->pending_count == PENDING_MAX) {
    s->pending_count--;
    memmove(s->pending, s->pending + 1, s->pending_count * sizeof *s->pending);
  }
  s->pending[s->pending_count].id = ++s->id;
  s->pending[s->pending_count++].sent_at = now;
  s->said_idle = idle_seconds(s, now);
  build_renew(&q, s->id, s->said_idle);
  say(s, to, &q, is_hello);
}

static void renew(usher_seat *s, int64_t now) {
  const int was_unreachable = is_unreachable(s);
  s->follows = 0;
  s->unanswered++;
  s->due = now + (s->is_ending ? most_of(1000, (s->until - now) / 4) : renew_again_after(s));
  if (is_unreachable(s) && !was_unreachable && !s->is_ending)
    tell(s, USHER_NEWS_UNREACHABLE, USHER_OK, to_milliseconds(s->until - now));
  /* Silence may mean that the agent has moved, or has forgotten the session: look for it, too. Only
     every second time, for everybody hears that. */
  if (is_unreachable(s) && s->unanswered % 2 == 1) ask_around(s, 1);
  say_renewal(s, &s->held, 0);
}

/** What was sent before is of no account: its answers may come in any order. */
static void answered(usher_seat *s) {
  end_relief(s);
  end_further(s);
  s->pending_count = 0;
  s->unanswered = 0;
}

static void take_renewed(usher_seat *s, uint32_t term, int64_t sent_at) {
  const int is_news = is_unreachable(s) || s->is_ending;
  s->until = most_of(s->until, sent_at + (int64_t)term * 1000);
  answered(s);
  s->is_ending = 0;
  if (term > 0) s->term = term;
  s->due = sent_at + renew_after(s);
  if (is_news) tell(s, USHER_NEWS_HELD, USHER_OK, to_milliseconds(s->until - clock_ms()));
}

/** The seat ends: at what is known, or at `until`, whichever comes first. */
static void take_ending(usher_seat *s, usher_code code, int64_t until) {
  const int64_t now = clock_ms();
  const int was_told = s->is_ending && s->ending == code;
  s->until = least_of(s->until, until);
  answered(s);
  s->is_ending = 1;
  s->ending = code;
  s->due = now + most_of(1000, (s->until - now) / 4);
  if (was_told && s->ending_told - s->until < TELL_MS) return;
  s->ending_told = s->until;
  tell(s, USHER_NEWS_ENDING, code, to_milliseconds(s->until - now));
}

/**
 * What an agent says unasked answers nothing, so a recording of it would look the same: only what is
 * newer than anything heard counts. What gets lost by that is said again to the next renewal.
 */
static void hear_unasked(usher_seat *s, const reply *r) {
  if (memcmp(r->epoch, s->held.epoch, EPOCH_SIZE) != 0 || r->number <= s->heard_number) return;
  s->heard_number = r->number;
  if (r->kind == REPLY_REFUSED) lose(s, code_of(r->refusal));
  if (r->kind == REPLY_ENDING)
    take_ending(s, code_of(r->refusal), clock_ms() + (int64_t)r->term * 1000);
}

static void hear_reply(usher_seat *s, const reply *r) {
  int64_t sent_at = 0;
  size_t i;
  if (r->id == 0) {
    hear_unasked(s, r);
    return;
  }
  for (i = 0; i < s->pending_count; i++)
    if (s->pending[i].id == r->id) break;
  if (i == s->pending_count) return;
  if (r->kind != REPLY_REFUSED && r->kind != REPLY_NEW_EPOCH && r->kind != REPLY_RENEWED &&
      r->kind != REPLY_ENDING)
    return;
  sent_at = s->pending[i].sent_at;
  s->held.at = s->from;
  if (memcmp(r->epoch, s->held.epoch, EPOCH_SIZE) != 0 || r->number > s->heard_number)
    s->heard_number = r->number;
  memcpy(s->held.epoch, r->epoch, EPOCH_SIZE);
  if (r->kind == REPLY_REFUSED) lose(s, code_of(r->refusal));
  else if (r->kind == REPLY_NEW_EPOCH) say_renewal(s, &s->held, 0);
  else if (r->kind == REPLY_RENEWED) take_renewed(s, r->term, sent_at);
  else take_ending(s, code_of(r->refusal), sent_at + (int64_t)r->term * 1000);
}

/**
 * The agent of this seat offers again, perhaps elsewhere, perhaps without memory of the session.
 * Anybody can make an offer, so it is tried beside the address known, and believed when an answer
 * opens.
 */
static void follow(usher_seat *s, size_t size) {
  agent rumoured;
  offer f;
  if (s->unanswered == 0) return;
  if (!read_offer(span_of(s->datagram, size), text_of(s->product), &f)) return;
  if (memcmp(f.nonce.at, s->nonce, NONCE_SIZE) != 0) return;
  if (memcmp(f.key.at, s->held.key, KEY_SIZE) != 0 || ++s->follows > FOLLOWS_MAX) return;
  rumoured = s->held;
  rumoured.at = s->from;
  memcpy(rumoured.epoch, f.epoch.at, EPOCH_SIZE);
  memcpy(rumoured.cookie, f.cookie.at, COOKIE_SIZE);
  say_renewal(s, &rumoured, 1);
  wipe(&rumoured, sizeof rumoured);
}

/* --- another agent of its site takes the seat over --- */

enum { ROUND_MS = 3000, ROUND_PAUSE_MS = 1000 };

/** Copies a text to where there is room for it. */
static const char *copy_text(char **room, const char *text) {
  char *const kept = *room;
  if (text == NULL) return NULL;
  memcpy(kept, text, strlen(text) + 1);
  *room += strlen(text) + 1;
  return kept;
}

static size_t room_for(const char *text) { return text == NULL ? 0 : strlen(text) + 1; }

/** Keeps what was asked for: the application's texts live no longer than its acquire. */
static int keep_wish(usher_seat *s, const usher_options *o) {
  const size_t keys = o->vendor_key_count * USHER_KEY_SIZE;
  size_t size = o->feature_count * sizeof(char *) + keys, i;
  const char **features;
  char *room;
  size += room_for(o->product) + room_for(o->seat_class) + room_for(o->resource) +
          room_for(o->version);
  for (i = 0; i < o->feature_count; i++) size += room_for(o->features[i]);
  s->wish_block = malloc(size);
  if (s->wish_block == NULL) return 0;
  features = s->wish_block;
  room = (char *)s->wish_block + o->feature_count * sizeof(char *);
  memcpy(room, o->vendor_keys, keys);
  s->wish = *o;
  s->wish.vendor_keys = (const unsigned char *)room;
  room += keys;
  for (i = 0; i < o->feature_count; i++) features[i] = copy_text(&room, o->features[i]);
  s->wish.features = features;
  s->wish.product = copy_text(&room, o->product);
  s->wish.seat_class = copy_text(&room, o->seat_class);
  s->wish.resource = copy_text(&room, o->resource);
  s->wish.version = copy_text(&room, o->version);
  return 1;
}

/** Shows an agent the ticket of the seat. It may be silent until it knows that the other is dead. */
static void show_ticket(usher_seat *s, agent *a, int is_hello) {
  request q;
  if (build_acquire(&q, a->bid_id, &s->wish, &s->holder, 0, span_of(s->takeover, s->takeover_size)))
    say(s, a, &q, is_hello);
}

static void bid_again(usher_seat *s, agent *a, int64_t now) {
  if (a->bid_attempts == ATTEMPTS_MAX) {
    a->is_bidden = 0;
    a->failure = USHER_SILENT;
    /* It may have granted one all the same. */
    release_at(s, a, 0);
    return;
  }
  show_ticket(s, a, !a->knows_us || a->bid_attempts > 0);
  a->bid_again = now + doubling(100, a->bid_attempts++, 800);
}

/** Whom to ask next: who was not asked, and is not the one that is silent. */
static agent *next_heir(usher_seat *s) {
  size_t i, j;
  for (i = 0; i < s->agent_count; i++) {
    agent *a = &s->agents[i];
    if (a->failure != USHER_OK || memcmp(a->key, s->held.key, KEY_SIZE) == 0) continue;
    for (j = 0; j < s->agent_count; j++)
      if (s->agents[j].is_bidden && memcmp(s->agents[j].key, a->key, KEY_SIZE) == 0) break;
    if (j == s->agent_count) return a;
  }
  return NULL;
}

/** Whether one is asked; `fresh`: so lately that no other need be. */
static int is_bidding(const usher_seat *s, int fresh) {
  size_t i;
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].is_bidden && (!fresh || s->agents[i].bid_attempts <= HESITATION_MAX)) return 1;
  return 0;
}

static int is_to_relieve(const usher_seat *s) {
  return is_shared(s) && is_unreachable(s) && !s->is_ending;
}

/** Asks the others, one after another, in rounds; the seat is believed in and renewed meanwhile. */
static void relieve(usher_seat *s, int64_t now) {
  size_t i;
  agent *a;
  if (!s->is_relieved) {
    s->is_relieved = 1;
    s->agent_count = 0;
    s->round_at = now;
  }
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].is_bidden && now >= s->agents[i].bid_again) bid_again(s, &s->agents[i], now);
  if (now < s->round_at) return;
  while (!is_bidding(s, 1) && (a = next_heir(s)) != NULL) {
    a->is_bidden = 1;
    a->bid_id = ++s->id;
    a->bid_attempts = 0;
    a->bid_since = now;
    bid_again(s, a, now);
  }
  if (is_bidding(s, 0)) return;
  if (now < s->round_at + (have_all_refused(s) ? EARLY_END_MS : ROUND_MS)) return;
  s->agent_count = 0;
  s->round_at = now + ROUND_PAUSE_MS;
}

/** When there is something to do for that. */
static int64_t relief_due(const usher_seat *s) {
  const int64_t now = clock_ms();
  int64_t due = s->until;
  size_t i;
  if (!s->is_relieved) return due;
  if (now < s->round_at) due = least_of(due, s->round_at);
  else if (!is_bidding(s, 0))
    due = least_of(due, s->round_at + (have_all_refused(s) ? EARLY_END_MS : ROUND_MS));
  for (i = 0; i < s->agent_count; i++)
    if (s->agents[i].is_bidden) due = least_of(due, s->agents[i].bid_again);
  return due;
}

/** It goes on there, if its licenses are believed. The old agent may have it back. */
static void take_over(usher_seat *s, agent *a, const reply *r) {
  const uint64_t heard = s->heard_number;
  usher_code code;
  agent heir;
  grant g;
  memset(&g, 0, sizeof g);
  code = take_grant(s, a, &s->wish, r, a->bid_since, &g);
  if (code != USHER_OK) {
    s->heard_number = heard;
    note_failure(s, a, code);
    return;
  }
  heir = *a;
  answered(s);
  release_at(s, &s->held, 0);
  s->held = heir;
  wipe(&heir, sizeof heir);
  start_holding(s, &g);
}

/** An agent that is asked to take the seat over answers. */
static void hear_heir(usher_seat *s, agent *a, const reply *r) {
  if (r->id != a->bid_id) return;
  if (r->kind == REPLY_NEW_EPOCH) {
    memcpy(a->epoch, r->epoch, EPOCH_SIZE);
    show_ticket(s, a, 0);
  }
  if (r->kind != REPLY_REFUSED && r->kind != REPLY_GRANTED) return;
  a->is_bidden = 0;
  a->knows_us = 1;
  a->at = s->from;
  if (r->kind == REPLY_REFUSED) note_failure(s, a, refused_by(a, r));
  else take_over(s, a, r);
}

static void hear_held(usher_seat *s, size_t size) {
  reply r;
  size_t i;
  if (frame_type(span_of(s->datagram, size)) == FRAME_OFFER) {
    follow(s, size);
    if (s->is_relieved) note_offer(s, size, &s->from);
  } else if (open_reply(s->datagram, size, s->client_key, s->held.reply_key, &r)) hear_reply(s, &r);
  else if (s->is_relieved) {
    for (i = 0; i < s->agent_count; i++) {
      agent *a = &s->agents[i];
      if (!a->is_bidden || !a->is_sound) continue;
      if (!open_reply(s->datagram, size, s->client_key, a->reply_key, &r)) continue;
      hear_heir(s, a, &r);
      return;
    }
  }
}

/* ---------------------------------------------------------------------------------------------------
 * The calls of usher.h
 * ------------------------------------------------------------------------------------------------ */

/** Whether a text fits its field; NULL only where it may be left out. */
static int fits(const char *text, size_t least, size_t most, int is_optional) {
  size_t units;
  if (text == NULL) return is_optional;
  units = text_units(text_of(text));
  return units >= least && units <= most;
}

static int are_sound(const usher_options *o) {
  size_t i;
  if (o->vendor_keys == NULL || o->vendor_key_count == 0) return 0;
  if (!fits(o->product, 1, NAME_MAX_UNITS, 0) || !fits(o->seat_class, 1, NAME_MAX_UNITS, 1) ||
      !fits(o->resource, 1, NAME_MAX_UNITS, 1) || !fits(o->version, 1, NAME_MAX_UNITS, 1))
    return 0;
  if (o->feature_count > USHER_FEATURES_MAX || o->weight > USHER_WEIGHT_MAX) return 0;
  if (o->feature_count > 0 && o->features == NULL) return 0;
  for (i = 0; i < o->feature_count; i++)
    if (!fits(o->features[i], 1, NAME_MAX_UNITS, 0)) return 0;
  return o->interfaces == NULL || strlen(o->interfaces) < 256;
}

/** Copies what fits a holder's text; what could not be shown becomes a question mark. */
static void copy_plain(char *out, size_t size, const char *text) {
  const span whole = text_of(text == NULL ? "" : text);
  size_t i = 0, units = 0, at = 0;
  while (i < whole.size) {
    size_t width;
    const uint32_t c = take_character(whole.at + i, whole.size - i, &width);
    const int is_plain = width > 0 && is_plain_character(c);
    const size_t wide = is_plain && c > 0xffff ? 2 : 1, need = is_plain ? width : 1;
    if (units + wide > TEXT_MAX || at + need >= size) break;
    if (is_plain) memcpy(out + at, whole.at + i, width);
    else out[at] = '?';
    at += need;
    units += wide;
    i += width > 0 ? width : 1;
  }
  out[at] = 0;
}

#ifdef _WIN32
static void find_user(char *out, size_t size) {
  wchar_t wide[256];
  char narrow[800] = "";
  const DWORD length = GetEnvironmentVariableW(L"USERNAME", wide, 256);
  if (length > 0 && length < 256)
    (void)WideCharToMultiByte(CP_UTF8, 0, wide, -1, narrow, (int)sizeof narrow, NULL, NULL);
  copy_plain(out, size, narrow);
}
#else
static void find_user(char *out, size_t size) {
  struct passwd entry, *found = NULL;
  char room[2048], number[32];
  const uid_t own = geteuid();
  if (getpwuid_r(own, &entry, room, sizeof room, &found) == 0 && found != NULL) {
    copy_plain(out, size, found->pw_name);
    return;
  }
  /* A service user without an account entry has no name. */
  (void)snprintf(number, sizeof number, "uid %lu", (unsigned long)own);
  copy_plain(out, size, number);
}
#endif

static void describe_holder(holder *h, const usher_options *o) {
  char host[256] = "";
  if (o->user != NULL) copy_plain(h->user, sizeof h->user, o->user);
  else find_user(h->user, sizeof h->user);
  if (o->host == NULL) (void)gethostname(host, sizeof host - 1);
  copy_plain(h->host, sizeof h->host, o->host != NULL ? o->host : host);
  copy_plain(h->application, sizeof h->application, o->application);
#ifdef _WIN32
  h->process = (uint32_t)GetCurrentProcessId();
#else
  h->process = (uint32_t)getpid();
#endif
}

static void lease_to_text(const uint8_t client_key[KEY_SIZE], char text[17]) {
  static const char DIGITS[] = "0123456789abcdefghjkmnpqrstvwxyz";
  unsigned i, bit;
  for (i = 0; i < 16; i++) {
    unsigned digit = 0;
    for (bit = 5 * i; bit < 5 * i + 5; bit++)
      digit = digit << 1 | ((unsigned)client_key[bit / 8] >> (7 - bit % 8) & 1);
    text[i] = DIGITS[digit];
  }
  text[16] = 0;
}

/** Fills in everything that can fail; the code when it does. */
static usher_code prepare(usher_seat *s, const usher_options *o) {
  request q;
  s->v4 = s->v6 = NO_SOCKET;
  s->stop = o->stop;
  s->listener = o->listener;
  s->context = o->context;
  s->port = o->port == 0 ? USHER_PORT : o->port;
  s->has_all_interfaces = o->interfaces == NULL;
  if (o->interfaces != NULL) memcpy(s->interfaces, o->interfaces, strlen(o->interfaces) + 1);
  memcpy(s->product, o->product, strlen(o->product) + 1);
  describe_holder(&s->holder, o);
  if (!build_acquire(&q, 1, o, &s->holder, 1, span_of(NULL, 0))) return USHER_TOO_LONG;
  if (!random_bytes(s->secret, KEY_SIZE) || !random_bytes(s->nonce, NONCE_SIZE) ||
      !random_bytes((uint8_t *)&s->chance, sizeof s->chance))
    return USHER_NO_RANDOM;
  s->chance |= 1; /* not zero */
  x25519(s->client_key, s->secret, NINE);
  build_discover(s->discover, s->nonce, text_of(s->product));
  s->v4 = open_socket(AF_INET);
  if (s->v4 == NO_SOCKET) return USHER_NO_SOCKET;
  /* Some computers have no IPv6. */
  s->v6 = open_socket(AF_INET6);
  if (!add_agent_addresses(s, o->agents) || !add_agent_addresses(s, getenv("USHER_AGENT")))
    return USHER_BAD_OPTION;
  return USHER_OK;
}

static void dispose(usher_seat *s) {
  end_further(s);
  close_socket(s->v4);
  close_socket(s->v6);
  free(s->wish_block);
  wipe(s, sizeof *s);
  free(s);
#ifdef _WIN32
  (void)WSACleanup();
#endif
}

static void report_agent(usher_report *report, const agent *a) {
  memcpy(report->agent, a->name, sizeof report->agent);
  endpoint_to_text(&a->at, report->address, sizeof report->address);
  if (report->code != USHER_NO_SEAT) return;
  report->in_use = a->in_use;
  report->seats = a->seats;
}

static void report_grant(usher_report *report, const usher_seat *s, const grant *g) {
  report_agent(report, &s->held);
  lease_to_text(s->client_key, report->lease);
  report->term = g->term;
  report->overdraft = g->overdraft;
}

usher_code usher_acquire(const usher_options *options, usher_seat **seat, usher_report *report) {
  usher_report own;
  usher_seat *s;
  grant g;
  if (report == NULL) report = &own;
  memset(report, 0, sizeof *report);
  report->code = USHER_BAD_OPTION;
  if (seat == NULL) return report->code;
  *seat = NULL;
  if (options == NULL || !are_sound(options)) return report->code;
  report->code = USHER_NO_MEMORY;
  s = calloc(1, sizeof *s);
  if (s == NULL) return report->code;
#ifdef _WIN32
  {
    WSADATA ignored;
    (void)WSAStartup(MAKEWORD(2, 2), &ignored);
  }
#endif
  memset(&g, 0, sizeof g);
  report->code = prepare(s, options);
  if (report->code == USHER_OK) report->code = search(s, options, &g);
  end_further(s);
  if (report->code == USHER_OK) {
    report_grant(report, s, &g);
    /* Without what was asked for it does not go on elsewhere. */
    if (g.ticket_size > 0 && !keep_wish(s, options)) g.ticket_size = 0;
    start_holding(s, &g);
    *seat = s;
    return USHER_OK;
  }
  if (report->code == USHER_NO_AGENT) {
    const agent *best = most_telling(s);
    if (best != NULL) report->code = best->failure == USHER_OK ? USHER_SILENT : best->failure;
    if (best != NULL) report_agent(report, best);
  }
  dispose(s);
  return report->code;
}

static int64_t next_due(const usher_seat *s) {
  return least_of(least_of(s->due, s->until), relief_due(s));
}

usher_code usher_renew(usher_seat *seat, uint32_t wait_ms) {
  /* A flood of datagrams is no reason to stay longer. */
  enum { LATE_DATAGRAMS_MAX = 64 };
  const int64_t deadline = clock_ms() + (int64_t)wait_ms;
  int late = 0;
  while (seat->lost == USHER_OK) {
    const int64_t now = clock_ms();
    size_t size;
    int got;
    if (now >= seat->until) {
      lose(seat, seat->is_ending ? seat->ending : USHER_NOT_RENEWED);
      break;
    }
    if (now >= seat->due) renew(seat, now);
    if (is_to_relieve(seat)) relieve(seat, now);
    got = receive(seat, least_of(deadline, next_due(seat)), &size, &seat->from);
    /* The clock is looked at before anything is believed that came in a sleep. */
    if (got && clock_ms() < seat->until) hear_held(seat, size);
    if (clock_ms() < deadline && !is_stopped(seat)) continue;
    if (!got || ++late > LATE_DATAGRAMS_MAX) break;
  }
  return seat->lost;
}

uint32_t usher_left(const usher_seat *seat) {
  return seat->lost == USHER_OK ? to_milliseconds(seat->until - clock_ms()) : 0;
}

uint32_t usher_due(const usher_seat *seat) {
  if (seat->lost != USHER_OK) return 0;
  return to_milliseconds(next_due(seat) - clock_ms());
}

intptr_t usher_socket(const usher_seat *seat) {
  return (intptr_t)socket_for(seat, &seat->held.at);
}

void usher_idle(usher_seat *seat, uint32_t seconds) {
  const int64_t now = clock_ms();
  seat->has_idle = 1;
  seat->idle_since = now - (int64_t)seconds * 1000;
  /* An agent that lets the seat end for want of use is told at once. */
  if (seconds == 0 && seat->said_idle > 0 && seat->is_ending && seat->ending == USHER_IDLE)
    seat->due = now;
}

void usher_release(usher_seat *seat) {
  if (seat == NULL) return;
  end_relief(seat);
  release_at(seat, &seat->held, RELEASE_ATTEMPTS);
  dispose(seat);
}

usher_code usher_vendor_key(const char *base64, unsigned char key[USHER_KEY_SIZE]) {
  static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t bits = 0;
  unsigned have = 0;
  size_t size = 0, i;
  size_t length = base64 == NULL ? 0 : strlen(base64);
  while (length > 0 && base64[length - 1] == '=') length--;
  /* 43 digits of six bits: 32 bytes and two bits of zero. */
  if (length != 43) return USHER_BAD_OPTION;
  for (i = 0; i < length; i++) {
    const char *digit = strchr(DIGITS, base64[i]);
    if (digit == NULL) return USHER_BAD_OPTION;
    bits = bits << 6 | (uint32_t)(digit - DIGITS);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    key[size++] = (unsigned char)(bits >> have & 0xff);
  }
  return (bits & 3) == 0 ? USHER_OK : USHER_BAD_OPTION;
}

/* --- codes in words --- */

typedef struct words {
  usher_code code;
  const char *name;
  const char *text;
} words;

#define NOT_BELIEVED "The license agent is not believed: "

static const words WORDS[] = {
  {USHER_OK, "ok", "All is well."},
  {USHER_NO_LICENSE, "no-license",
   "This agent has no license for the product."},
  {USHER_NO_SEAT, "no-seat",
   "All seats are in use. Try again when a colleague has closed the application."},
  {USHER_NO_CLASS, "no-class",
   "The license has no seats of the class that was asked for."},
  {USHER_NO_FEATURE, "no-feature",
   "The license does not cover a feature that was asked for."},
  {USHER_NOT_ACTIVATED, "not-activated",
   "The license is installed but not activated yet."},
  {USHER_LICENSE_PENDING, "license-pending",
   "The license is not valid yet."},
  {USHER_LICENSE_EXPIRED, "license-expired",
   "The license has expired."},
  {USHER_VIRTUAL_HOST, "virtual-host",
   "The license does not allow the agent to run on a virtual machine."},
  {USHER_CONTAINER_HOST, "container-host",
   "The license does not allow the agent to run in a container."},
  {USHER_UNKNOWN_HOST, "unknown-host",
   "The agent cannot tell whether it runs on real hardware, as the license demands."},
  {USHER_NOT_HELD, "not-held",
   "This seat is no longer held: its time ran out before it was renewed."},
  {USHER_DISCONNECTED, "disconnected",
   "The administrator has taken this seat back."},
  {USHER_LICENSE_REMOVED, "license-removed",
   "The license of this seat has been removed."},
  {USHER_STORE_FAILING, "store-failing",
   "The agent cannot write to its disk, so it cannot promise a seat."},
  {USHER_BUSY, "busy",
   "The agent serves as many clients as it can. Try again in a moment."},
  {USHER_NO_DOCUMENT, "no-document",
   "The agent no longer has the license that was asked for."},
  {USHER_BAD_REQUEST, "bad-request",
   "The agent did not understand the request."},
  {USHER_NO_MATCH, "no-match",
   "No such license or seat."},
  {USHER_LICENSE_SUPERSEDED, "license-superseded",
   "A newer license has taken the place of this one."},
  {USHER_STANDALONE_ONLY, "standalone-only",
   "The license is for one computer and is not lent by an agent."},
  {USHER_NOT_ASSIGNED, "not-assigned",
   "No seat of this license is assigned to you."},
  {USHER_EXCLUDED, "excluded",
   "The administrator does not allow this product for you or this computer."},
  {USHER_LIMIT_REACHED, "limit-reached",
   "You, your group or this computer hold as many seats as the administrator allows."},
  {USHER_RESERVED, "reserved",
   "The seats that are left are kept for others. Try again later."},
  {USHER_NO_VERSION, "no-version",
   "The license does not cover this version of the application."},
  {USHER_NO_MAINTENANCE, "no-maintenance",
   "This version of the application was released after the maintenance of the license ended."},
  {USHER_VERSION_NEEDED, "version-needed",
   "The license covers certain versions only, and the application does not say which it is."},
  {USHER_NO_RESOURCE, "no-resource",
   "There is no license for this database or project."},
  {USHER_RESOURCE_NEEDED, "resource-needed",
   "Every license of the product is tied to a database or project, and the application names none."},
  {USHER_TOO_HEAVY, "too-heavy",
   "More seats were asked for at once than the license has."},
  {USHER_SEATS_REDUCED, "seats-reduced",
   "The license has fewer seats now, and this one is not renewed: save your work."},
  {USHER_IDLE, "idle",
   "The application was not used for long: the seat goes to others unless it is used now."},
  {USHER_RECALLED, "recalled",
   "The administrator has taken back the seat that was assigned to you."},
  {USHER_TRIAL_ENDED, "trial-ended",
   "The trial has ended."},
  {USHER_BORROW_FORBIDDEN, "borrow-forbidden",
   "Seats of this product may not be borrowed, or not by you."},
  {USHER_BORROW_TOO_LONG, "borrow-too-long",
   "The seat may not be borrowed for so long."},
  {USHER_BORROW_LIMIT, "borrow-limit",
   "As many seats as may be borrowed are borrowed already."},
  {USHER_QUEUE_FULL, "queue-full",
   "So many wait for a seat that there is no place in the queue. Try again later."},
  {USHER_NO_METER, "no-meter",
   "No license has an allowance of this name for the product."},
  {USHER_METER_EMPTY, "meter-empty",
   "The allowance is used up."},
  {USHER_DRAW_CONFLICT, "draw-conflict",
   "This draw was asked for before with another amount."},
  {USHER_ROSTER_FULL, "roster-full",
   "More users than the license has seats cannot be assigned."},
  {USHER_BORROWED, "borrowed",
   "The seat is borrowed and out of reach: it comes back when its time ends."},
  {USHER_FAULTY_RULES, "faulty-rules",
   "The agent's rules have an error, and it lends no seat until that is mended."},
  {USHER_CLOCK_REFUSED, "clock-refused",
   "The clock cannot be set back further."},
  {USHER_HOLDING_OFF, "holding-off",
   "The agent was restored or repaired and may have forgotten seats: it lends none until those have ended."},
  {USHER_STORE_DAMAGED, "store-damaged",
   "The agent's records are damaged, and it lends no seat until they are repaired."},
  {USHER_WRONG_HOST, "wrong-host",
   "The license is bound to another computer than the one on which the agent runs."},
  {USHER_ACTIVATION_ENDED, "activation-ended",
   "The license's activation has ended."},
  {USHER_LICENSE_SUSPENDED, "license-suspended",
   "The license is suspended by its vendor, or by the parent that gave it."},
  {USHER_LICENSE_REVOKED, "license-revoked",
   "The license is revoked by its vendor, or removed by the parent that gave it."},
  {USHER_LICENSE_RETURNED, "license-returned",
   "The license is given back, or taken from this agent by the vendor."},
  {USHER_LICENSE_INVALID, "license-invalid",
   "The license is signed with a key that the vendor has revoked."},
  {USHER_SITE_CHILD, "site-child",
   "Several agents as one site cannot share a child license yet."},
  {USHER_NO_AGENT, "no-agent", "No license agent answered on this network."},
  {USHER_SILENT, "silent", "A license agent was found but does not answer."},
  {USHER_NO_COMMON_VERSION, "no-common-version",
   "The license agent speaks a version of the protocol that this application does not."},
  {USHER_STOPPED, "stopped", "The application stopped looking for a seat."},
  {USHER_NOT_RENEWED, "not-renewed",
   "The seat was lost: the license agent could not be reached in time."},
  {USHER_BAD_OPTION, "bad-option",
   "The request for a seat, or an agent's address, is not of the form it must have."},
  {USHER_TOO_LONG, "too-long",
   "The request names more, or with longer names, than fits into one datagram."},
  {USHER_NO_SOCKET, "no-socket", "This computer has no network to look for a license agent on."},
  {USHER_NO_RANDOM, "no-random", "This computer has no random bytes to make a secret from."},
  {USHER_NO_MEMORY, "no-memory", "There is not enough memory."},
  {USHER_UNTRUSTED_NOT_PROVEN, "untrusted-not-proven",
   NOT_BELIEVED "it could not show its license."},
  {USHER_UNTRUSTED_FORGED, "untrusted-forged",
   NOT_BELIEVED "its license or activation is forged or damaged."},
  {USHER_UNTRUSTED_NEWER_FORMAT, "untrusted-newer-format",
   NOT_BELIEVED "its license is of a newer format than this application reads."},
  {USHER_UNTRUSTED_CERTIFICATE_USE, "untrusted-certificate-use",
   NOT_BELIEVED "its license is signed with a key that may not sign such documents."},
  {USHER_UNTRUSTED_CERTIFICATE_DATE, "untrusted-certificate-date",
   NOT_BELIEVED "its license is signed with a key that was not valid on that day."},
  {USHER_UNTRUSTED_OTHER_VENDOR, "untrusted-other-vendor",
   NOT_BELIEVED "its license is signed by another vendor than the application trusts."},
  {USHER_UNTRUSTED_REVOKED_KEY, "untrusted-revoked-key",
   NOT_BELIEVED "its license is signed with a key that the vendor has revoked."},
  {USHER_UNTRUSTED_NOT_ACTIVATED, "untrusted-not-activated",
   NOT_BELIEVED "its license is not activated."},
  {USHER_UNTRUSTED_OTHER_LICENSE, "untrusted-other-license",
   NOT_BELIEVED "its activation is of another license."},
  {USHER_UNTRUSTED_OTHER_AGENT, "untrusted-other-agent",
   NOT_BELIEVED "its license is activated for another agent."},
  {USHER_UNTRUSTED_EMERGENCY_TERMS, "untrusted-emergency-terms",
   NOT_BELIEVED "its license does not allow its emergency activation."},
  {USHER_UNTRUSTED_ACTIVATION_EXPIRED, "untrusted-activation-expired",
   NOT_BELIEVED "the activation of its license has ended."},
  {USHER_UNTRUSTED_PENDING, "untrusted-pending", NOT_BELIEVED "its license is not valid yet."},
  {USHER_UNTRUSTED_EXPIRED, "untrusted-expired", NOT_BELIEVED "its license has expired."},
  {USHER_UNTRUSTED_OTHER_PRODUCT, "untrusted-other-product",
   NOT_BELIEVED "its license is for another product."},
  {USHER_UNTRUSTED_STANDALONE, "untrusted-standalone",
   NOT_BELIEVED "its license is for one computer and cannot be lent."},
  {USHER_UNTRUSTED_OTHER_RESOURCE, "untrusted-other-resource",
   NOT_BELIEVED "its license is for another database or project."},
  {USHER_UNTRUSTED_NO_CLASS, "untrusted-no-class",
   NOT_BELIEVED "its license has no seats of the class that was asked for."},
  {USHER_UNTRUSTED_NO_FEATURE, "untrusted-no-feature",
   NOT_BELIEVED "its license does not cover a feature that was asked for."},
  {USHER_UNTRUSTED_NO_VERSION, "untrusted-no-version",
   NOT_BELIEVED "its license does not cover this version of the application."},
  {USHER_UNTRUSTED_NO_MAINTENANCE, "untrusted-no-maintenance",
   NOT_BELIEVED "its license covers older versions of the application only."},
  {USHER_UNTRUSTED_TOO_FEW, "untrusted-too-few",
   NOT_BELIEVED "its licenses have fewer seats than it grants."},
  {USHER_UNTRUSTED_OTHER_PARENT, "untrusted-other-parent",
   NOT_BELIEVED "its child license is signed by another agent than its parent."},
  {USHER_UNTRUSTED_CHILDREN_TERMS, "untrusted-children-terms",
   NOT_BELIEVED "its license does not allow such a child license."},
  {USHER_UNTRUSTED_CHILD_SUSPENDED, "untrusted-child-suspended",
   NOT_BELIEVED "its child license is suspended or removed."},
  {USHER_UNTRUSTED_CHILD_EXPIRED, "untrusted-child-expired",
   NOT_BELIEVED "its child license has ended."},
};

static const words *words_of(usher_code code) {
  size_t i;
  for (i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (WORDS[i].code == code) return &WORDS[i];
  return words_of(USHER_BAD_REQUEST);
}

const char *usher_code_name(usher_code code) { return words_of(code)->name; }

const char *usher_code_text(usher_code code) { return words_of(code)->text; }
