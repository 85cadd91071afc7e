/*
 * The C client for tests: acquires as the words say, tells every step and all news in lines of JSON,
 * and releases. Exit code 0: done; 1: no seat, or lost; 2: bad words. With --hold it keeps the seat
 * until its input ends, and a line of input says that the application was used again.
 */

#ifndef _WIN32
#define _POSIX_C_SOURCE 200112L
#endif

#include "usher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef _WIN32
#include <poll.h>
#include <unistd.h>
#endif

static volatile sig_atomic_t is_stopped = 0;

static void stop(int signal_number) {
  (void)signal_number;
  is_stopped = 1;
}

static void hear(void *context, usher_news news, usher_code code, uint32_t number) {
  static const char *const NAMES[] = {"", "waiting", "held", "unreachable", "ending", "lost"};
  (void)context;
  printf("{\"step\":\"%s\",\"code\":\"%s\",\"number\":%lu}\n", NAMES[news], usher_code_name(code),
         (unsigned long)number);
  fflush(stdout);
}

/** Whether there is more input; a line of it is read over, and says the application is in use. */
static int goes_on(usher_seat *seat) {
#ifdef _WIN32
  (void)seat;
  return 0;
#else
  struct pollfd input;
  char line[64];
  ssize_t size;
  input.fd = STDIN_FILENO;
  input.events = POLLIN;
  input.revents = 0;
  if (poll(&input, 1, 0) <= 0) return 1;
  size = read(STDIN_FILENO, line, sizeof line);
  if (size <= 0) return 0;
  usher_idle(seat, line[0] == 'i' ? 3600 : 0);
  return 1;
#endif
}

/** Microseconds on a clock that only goes on; for a figure, not for a test. */
static unsigned long micros(void) {
#ifdef _WIN32
  return 0;
#else
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned long)now.tv_sec * 1000000ul + (unsigned long)now.tv_nsec / 1000;
#endif
}

static usher_code work(usher_seat *seat, int is_holding, unsigned long renewals) {
  usher_code code = USHER_OK;
  while (renewals-- > 0 && code == USHER_OK) code = usher_renew(seat, usher_due(seat) + 50);
  while (is_holding && code == USHER_OK && goes_on(seat) && !is_stopped)
    code = usher_renew(seat, 50);
  return code;
}

/** Takes one word and perhaps its value; 0 when it is none that is known. */
static int take_word(usher_options *o, int *is_holding, unsigned long *renewals, const char *word,
                     const char *value) {
  static const char *features[USHER_FEATURES_MAX];
  static unsigned char keys[4][USHER_KEY_SIZE];
  if (strcmp(word, "--hold") == 0) return *is_holding = 1;
  if (strcmp(word, "--wait") == 0) return o->wait = 1;
  if (value == NULL) return 0;
  if (strcmp(word, "--vendor-key") == 0) {
    o->vendor_keys = keys[0];
    return o->vendor_key_count < 4 &&
           usher_vendor_key(value, keys[o->vendor_key_count++]) == USHER_OK;
  }
  if (strcmp(word, "--feature") == 0) {
    o->features = features;
    if (o->feature_count == USHER_FEATURES_MAX) return 0;
    features[o->feature_count++] = value;
  } else if (strcmp(word, "--product") == 0) o->product = value;
  else if (strcmp(word, "--class") == 0) o->seat_class = value;
  else if (strcmp(word, "--resource") == 0) o->resource = value;
  else if (strcmp(word, "--weight") == 0) o->weight = (uint32_t)strtoul(value, NULL, 10);
  else if (strcmp(word, "--app-version") == 0) o->version = value;
  else if (strcmp(word, "--released") == 0) o->released = (uint32_t)strtoul(value, NULL, 10);
  else if (strcmp(word, "--port") == 0) o->port = (uint16_t)strtoul(value, NULL, 10);
  else if (strcmp(word, "--interfaces") == 0) o->interfaces = value;
  else if (strcmp(word, "--agent") == 0) o->agents = value;
  else if (strcmp(word, "--patience") == 0) o->patience_ms = (uint32_t)strtoul(value, NULL, 10);
  else if (strcmp(word, "--user") == 0) o->user = value;
  else if (strcmp(word, "--renewals") == 0) *renewals = strtoul(value, NULL, 10);
  else return 0;
  return 1;
}

int main(int count, char **words) {
  usher_options options;
  usher_report report;
  usher_seat *seat;
  usher_code code;
  int is_holding = 0, i;
  unsigned long renewals = 0, begun;
  memset(&options, 0, sizeof options);
  options.listener = hear;
  options.stop = &is_stopped;
  options.application = "driver.c";
  for (i = 1; i < count; i++) {
    const int is_flag = strcmp(words[i], "--hold") == 0 || strcmp(words[i], "--wait") == 0;
    const char *value = is_flag || i + 1 == count ? NULL : words[i + 1];
    if (!take_word(&options, &is_holding, &renewals, words[i], value)) return 2;
    if (!is_flag) i++;
  }
  signal(SIGINT, stop);
  begun = micros();
  code = usher_acquire(&options, &seat, &report);
  printf("{\"step\":\"%s\",\"code\":\"%s\",\"text\":\"%s\",\"inUse\":%lu,\"seats\":%lu,"
         "\"agent\":\"%s\",\"address\":\"%s\",\"lease\":\"%s\",\"term\":%lu,\"overdraft\":%s,"
         "\"micros\":%lu}\n",
         code == USHER_OK ? "acquired" : "failed", usher_code_name(code), usher_code_text(code),
         (unsigned long)report.in_use, (unsigned long)report.seats, report.agent, report.address,
         report.lease, (unsigned long)report.term, report.overdraft ? "true" : "false",
         micros() - begun);
  fflush(stdout);
  if (code != USHER_OK) return 1;
  code = work(seat, is_holding, renewals);
  usher_release(seat);
  printf("{\"step\":\"released\",\"code\":\"%s\"}\n", usher_code_name(code));
  return code == USHER_OK ? 0 : 1;
}
