/*
 * An application that needs a seat: takes one, lets a thread of its own keep it while it works, and
 * gives it back at Ctrl+C.
 *
 *   example VENDOR_KEY PRODUCT [AGENT [SECONDS]]
 *
 *   Linux, BSD, macOS   cc -std=c99 -O2 -o example example.c usher.c -lpthread
 *   Windows             x86_64-w64-mingw32-gcc -O2 -o example.exe example.c usher.c \
 *                         -lws2_32 -lbcrypt -ladvapi32
 *
 * A real application has its vendor key built in, so that nobody can replace it by a word.
 */

#ifndef _WIN32
#define _POSIX_C_SOURCE 200112L /* nanosleep and threads beside C99 */
#endif

#include "usher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32
#include <windows.h>
typedef HANDLE thread;
#define THREAD_RESULT DWORD WINAPI
#else
#include <pthread.h>
typedef pthread_t thread;
#define THREAD_RESULT void *
#endif

/** Set by Ctrl+C, or when the work is done: ends whatever the seat's thread waits for. */
static volatile sig_atomic_t is_over = 0;

static void end(int signal_number) {
  (void)signal_number;
  is_over = 1;
}

/** Called on the seat's thread. What the application does about a loss is its own decision. */
static void hear(void *context, usher_news news, usher_code code, uint32_t number) {
  (void)context;
  switch (news) {
    case USHER_NEWS_WAITING:
      printf("Waiting for a seat, behind %lu others.\n", (unsigned long)number);
      break;
    case USHER_NEWS_HELD: printf("The seat is held.\n"); break;
    case USHER_NEWS_UNREACHABLE:
      printf("The license agent does not answer. The seat is held for %lu s more.\n",
             (unsigned long)number / 1000);
      break;
    case USHER_NEWS_ENDING:
      printf("Save your work: the seat ends in %lu s. %s\n", (unsigned long)number / 1000,
             usher_code_text(code));
      break;
    case USHER_NEWS_LOST:
      printf("The seat is lost. %s\n", usher_code_text(code));
      is_over = 1;
      break;
  }
  fflush(stdout);
}

/** The one thread that touches the seat from now on. */
static THREAD_RESULT keep(void *seat) {
  while (!is_over && usher_renew(seat, 60000) == USHER_OK) continue;
  return 0;
}

static int start_thread(thread *made, usher_seat *seat) {
#ifdef _WIN32
  *made = CreateThread(NULL, 0, keep, seat, 0, NULL);
  return *made != NULL;
#else
  return pthread_create(made, NULL, keep, seat) == 0;
#endif
}

static void join_thread(thread which) {
#ifdef _WIN32
  WaitForSingleObject(which, INFINITE);
  CloseHandle(which);
#else
  pthread_join(which, NULL);
#endif
}

static void work_for_a_moment(void) {
#ifdef _WIN32
  Sleep(100);
#else
  struct timespec tenth;
  tenth.tv_sec = 0;
  tenth.tv_nsec = 100000000;
  nanosleep(&tenth, NULL);
#endif
}

int main(int count, char **words) {
  unsigned char vendor_key[USHER_KEY_SIZE];
  usher_options options;
  usher_report report;
  usher_seat *seat;
  thread keeper;
  long moments = count > 4 ? strtol(words[4], NULL, 10) * 10 : -1;
  if (count < 3 || usher_vendor_key(words[1], vendor_key) != USHER_OK) {
    fprintf(stderr, "example VENDOR_KEY PRODUCT [AGENT [SECONDS]]\n");
    return 2;
  }
  memset(&options, 0, sizeof options);
  options.vendor_keys = vendor_key;
  options.vendor_key_count = 1;
  options.product = words[2];
  options.application = "example";
  options.agents = count > 3 ? words[3] : NULL;
  options.stop = &is_over;
  options.listener = hear;
  signal(SIGINT, end);
  if (usher_acquire(&options, &seat, &report) != USHER_OK) {
    fprintf(stderr, "No seat (%s). %s\n", usher_code_name(report.code),
            usher_code_text(report.code));
    if (report.seats > 0)
      fprintf(stderr, "%lu of %lu are in use.\n", (unsigned long)report.in_use,
              (unsigned long)report.seats);
    return 1;
  }
  printf("Seat %s of %s (%s). Ctrl+C gives it back.\n", report.lease, report.agent,
         report.address);
  if (!start_thread(&keeper, seat)) return 1;
  while (!is_over && moments-- != 0) work_for_a_moment();
  is_over = 1;
  join_thread(keeper);
  usher_release(seat);
  printf("The seat is given back.\n");
  return 0;
}
