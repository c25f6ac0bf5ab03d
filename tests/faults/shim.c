/* Loaded before the C library: writes down, in order, everything that a process does to the files of one folder, and fails on demand.

   SHIM_ROOT  the folder; only absolute paths in it are seen
   SHIM_LOG   where the log goes: a line for each operation, followed by the bytes that were written
   shim_mark  writes a line of its own; shim_fail lets the Nth operation that could fail so, and every later one, fail

   What SQLite and Python do is seen alike. Memory maps are not: SQLite maps only its -shm file, which a power loss may take. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
enum { WRITES = 1, CREATES = 2, SYNCS = 4, OPENS = 8 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int log_fd = -1, fail_errno, fail_kinds;
static long fail_at, operations;

__attribute__((constructor)) static void start(void) {
  const char *log = getenv("SHIM_LOG");
  if (log) log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *folder = getenv("SHIM_ROOT");
  if (folder) root_length = strlen(folder), root = folder;
}

static int inside(const char *path) {
  return root && path && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int path_of(int fd, char *path) {
  char link[64];
  if (!root) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return inside(path);
}

static unsigned long inode_of(int fd) {
  struct stat about;
  return fstat(fd, &about) ? 0 : about.st_ino;
}

static void note(const char *line, const void *data, size_t length) {
  if (log_fd < 0) return;
  REAL(write)(log_fd, line, strlen(line));
  if (length) REAL(write)(log_fd, data, length);
}

static int fails(int kind) {
  if (!fail_at || !(kind & fail_kinds) || ++operations < fail_at) return 0;
  if (operations == fail_at) note("M failed\n", 0, 0);
  errno = fail_errno;
  return 1;
}

/* Called from Python: what happens outside the folder, at its place between the operations. */
void shim_mark(const char *text) {
  char line[256];
  snprintf(line, sizeof line, "M %s\n", text);
  pthread_mutex_lock(&turn);
  note(line, 0, 0);
  pthread_mutex_unlock(&turn);
}

void shim_fail(const char *name, long at) {
  operations = 0, fail_at = at;
  if (!strcmp(name, "ENOSPC")) fail_errno = ENOSPC, fail_kinds = WRITES | CREATES;
  if (!strcmp(name, "EIO")) fail_errno = EIO, fail_kinds = WRITES | SYNCS;
  if (!strcmp(name, "EMFILE")) fail_errno = EMFILE, fail_kinds = OPENS | CREATES;
}

static int opened(const char *path, int flags, mode_t mode) {
  if (!inside(path)) return REAL(open)(path, flags, mode);
  pthread_mutex_lock(&turn);
  struct stat about;
  int is_new = (flags & O_CREAT) && stat(path, &about), fd = -1;
  if (!fails(is_new ? CREATES : OPENS)) fd = REAL(open)(path, flags, mode);
  if (fd >= 0 && (is_new || (flags & O_TRUNC))) {
    char line[PATH_MAX + 64];
    if (is_new) snprintf(line, sizeof line, "C %lu %s\n", inode_of(fd), path);
    else snprintf(line, sizeof line, "T %lu 0\n", inode_of(fd));
    note(line, 0, 0);
  }
  pthread_mutex_unlock(&turn);
  return fd;
}

#define OPEN_WITH_MODE                                   \
  mode_t mode = 0;                                       \
  if (flags & (O_CREAT | __O_TMPFILE)) {                 \
    va_list rest;                                        \
    va_start(rest, flags);                               \
    mode = va_arg(rest, mode_t);                         \
    va_end(rest);                                        \
  }

int open(const char *path, int flags, ...) { OPEN_WITH_MODE return opened(path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_WITH_MODE return opened(path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) {
  OPEN_WITH_MODE return inside(path) ? opened(path, flags, mode) : REAL(openat)(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  OPEN_WITH_MODE return inside(path) ? opened(path, flags, mode) : REAL(openat)(folder, path, flags, mode);
}

static void wrote(int fd, off_t at, const void *data, ssize_t length) {
  char line[128];
  if (length <= 0) return;
  snprintf(line, sizeof line, "W %lu %lld %zd\n", inode_of(fd), (long long)at, length);
  note(line, data, length);
}

ssize_t write(int fd, const void *data, size_t length) {
  char path[PATH_MAX];
  if (!path_of(fd, path)) return REAL(write)(fd, data, length);
  pthread_mutex_lock(&turn);
  ssize_t done = -1;
  if (!fails(WRITES)) {
    struct stat about;
    off_t at = (fcntl(fd, F_GETFL) & O_APPEND) && !fstat(fd, &about) ? about.st_size : lseek(fd, 0, SEEK_CUR);
    done = REAL(write)(fd, data, length);
    wrote(fd, at, data, done);
  }
  pthread_mutex_unlock(&turn);
  return done;
}

static ssize_t wrote_at(int fd, const void *data, size_t length, off_t at) {
  char path[PATH_MAX];
  if (!path_of(fd, path)) return REAL(pwrite)(fd, data, length, at);
  pthread_mutex_lock(&turn);
  ssize_t done = fails(WRITES) ? -1 : REAL(pwrite)(fd, data, length, at);
  wrote(fd, at, data, done);
  pthread_mutex_unlock(&turn);
  return done;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return wrote_at(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) { return wrote_at(fd, data, length, at); }

static int cut(int fd, off_t size) {
  char path[PATH_MAX], line[128];
  if (!path_of(fd, path)) return REAL(ftruncate)(fd, size);
  pthread_mutex_lock(&turn);
  int done = fails(WRITES) ? -1 : REAL(ftruncate)(fd, size);
  snprintf(line, sizeof line, "T %lu %lld\n", inode_of(fd), (long long)size);
  if (!done) note(line, 0, 0);
  pthread_mutex_unlock(&turn);
  return done;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off_t size) { return cut(fd, size); }

static int synced(int fd, int (*sync)(int)) {
  char path[PATH_MAX], line[PATH_MAX + 64];
  struct stat about;
  if (!path_of(fd, path)) return sync(fd);
  pthread_mutex_lock(&turn);
  int done = fails(SYNCS) ? -1 : sync(fd);
  if (!done && !fstat(fd, &about)) {
    if (S_ISDIR(about.st_mode)) snprintf(line, sizeof line, "D %s\n", path);
    else snprintf(line, sizeof line, "S %lu\n", (unsigned long)about.st_ino);
    note(line, 0, 0);
  }
  pthread_mutex_unlock(&turn);
  return done;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int moved(const char *from, const char *to) {
  char line[2 * PATH_MAX + 8];
  if (!inside(to)) return REAL(rename)(from, to);
  pthread_mutex_lock(&turn);
  int done = fails(CREATES) ? -1 : REAL(rename)(from, to);
  snprintf(line, sizeof line, "R %s\t%s\n", from, to);
  if (!done) note(line, 0, 0);
  pthread_mutex_unlock(&turn);
  return done;
}
int rename(const char *from, const char *to) { return moved(from, to); }
int renameat(int here, const char *from, int there, const char *to) {
  return inside(to) ? moved(from, to) : REAL(renameat)(here, from, there, to);
}

static int named(char kind, const char *path, int done) {
  char line[PATH_MAX + 8];
  snprintf(line, sizeof line, "%c %s\n", kind, path);
  if (!done) note(line, 0, 0);
  pthread_mutex_unlock(&turn);
  return done;
}
int unlink(const char *path) {
  if (!inside(path)) return REAL(unlink)(path);
  pthread_mutex_lock(&turn);
  return named('U', path, REAL(unlink)(path));
}
int unlinkat(int folder, const char *path, int flags) {
  if (!inside(path)) return REAL(unlinkat)(folder, path, flags);
  pthread_mutex_lock(&turn);
  return named('U', path, REAL(unlinkat)(folder, path, flags));
}
int mkdir(const char *path, mode_t mode) {
  if (!inside(path)) return REAL(mkdir)(path, mode);
  pthread_mutex_lock(&turn);
  return named('K', path, fails(CREATES) ? -1 : REAL(mkdir)(path, mode));
}
