// librdkafka makes threads and locks by the functions of C11, of which the thread sanitizer knows nothing: it would take
// its threads for none, and crash. Here they are those of POSIX, which it knows. In glibc the types are the same ones.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

static int answer(int error) { return error == 0 ? thrd_success : thrd_error; }

struct start {
  thrd_start_t function;
  void *argument;
};

static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  return (void *)(long)start.function(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
  struct start *start = malloc(sizeof *start);
  if (!start) return thrd_nomem;
  *start = (struct start){function, argument};
  return answer(pthread_create((pthread_t *)thread, NULL, run, start));
}

int thrd_join(thrd_t thread, int *result) {
  void *value = NULL;
  int error = pthread_join((pthread_t)thread, &value);
  if (result) *result = (int)(long)value;
  return answer(error);
}

int thrd_detach(thrd_t thread) { return answer(pthread_detach((pthread_t)thread)); }

int mtx_init(mtx_t *lock, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  int error = pthread_mutex_init((pthread_mutex_t *)lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return answer(error);
}

int mtx_lock(mtx_t *lock) { return answer(pthread_mutex_lock((pthread_mutex_t *)lock)); }

int mtx_trylock(mtx_t *lock) {
  return pthread_mutex_trylock((pthread_mutex_t *)lock) == 0 ? thrd_success : thrd_busy;
}

int mtx_unlock(mtx_t *lock) { return answer(pthread_mutex_unlock((pthread_mutex_t *)lock)); }

void mtx_destroy(mtx_t *lock) { pthread_mutex_destroy((pthread_mutex_t *)lock); }

int cnd_init(cnd_t *condition) { return answer(pthread_cond_init((pthread_cond_t *)condition, NULL)); }

int cnd_signal(cnd_t *condition) { return answer(pthread_cond_signal((pthread_cond_t *)condition)); }

int cnd_broadcast(cnd_t *condition) { return answer(pthread_cond_broadcast((pthread_cond_t *)condition)); }

int cnd_wait(cnd_t *condition, mtx_t *lock) {
  return answer(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)lock));
}

int cnd_timedwait(cnd_t *condition, mtx_t *lock, const struct timespec *until) {
  int error = pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)lock, until);
  return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error;
}

void cnd_destroy(cnd_t *condition) { pthread_cond_destroy((pthread_cond_t *)condition); }
