// Preloaded into a process: while the byte of a file is not zero, no file of the process grows (ENOSPC), as on a disk that is full. What is there can be read and written over.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*system_write)(int, const void *, size_t);
static ssize_t (*system_pwrite)(int, const void *, size_t, off64_t);
static int (*system_truncate)(int, off64_t);
static int (*system_allocate)(int, off64_t, off64_t);
static const volatile char *full;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("FULL_DISK");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  void *bytes = file < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
  system_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  system_pwrite = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  system_truncate = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
  system_allocate = (int (*)(int, off64_t, off64_t))dlsym(RTLD_NEXT, "posix_fallocate64");
  if (bytes == MAP_FAILED) abort();
  full = bytes;
}

static int grows(int file, off64_t end) {
  struct stat64 found;
  if (!full || !*full || fstat64(file, &found) != 0 || !S_ISREG(found.st_mode) || end <= found.st_size) return 0;
  errno = ENOSPC;
  return 1;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return grows(file, offset + (off64_t)count) ? -1 : system_pwrite(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

ssize_t write(int file, const void *bytes, size_t count) {
  if (!system_write) begin();
  if (full && *full && grows(file, lseek64(file, 0, SEEK_CUR) + (off64_t)count)) return -1;
  return system_write(file, bytes, count);
}

int ftruncate64(int file, off64_t length) { return grows(file, length) ? -1 : system_truncate(file, length); }

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int posix_fallocate64(int file, off64_t offset, off64_t length) { return grows(file, offset + length) ? ENOSPC : system_allocate(file, offset, length); }

int posix_fallocate(int file, off_t offset, off_t length) { return posix_fallocate64(file, offset, length); }
