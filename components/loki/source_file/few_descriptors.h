// SPDX-License-Identifier: Apache-2.0
// For tests: a process that has run out of descriptors.

#pragma once

#include "base/check.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::loki {

/// The sanitizer for undefined behaviour needs a descriptor itself, and takes having none for an object
/// that is none.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kDescriptorsCanRunOut = false;
#else
inline constexpr bool kDescriptorsCanRunOut = true;
#endif

/// As long as it lives, `more` files can be opened and no others. Threads: one.
class FewDescriptors {
 public:
  explicit FewDescriptors(int more = 0) {
    const int lowest = ::open("/", O_RDONLY | O_CLOEXEC);
    WEIR_CHECK(lowest >= 0 && ::getrlimit(RLIMIT_NOFILE, &before_) == 0, "there are some yet");
    ::close(lowest);
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(lowest + more);
    WEIR_CHECK(::setrlimit(RLIMIT_NOFILE, &few) == 0, "a limit can be lowered");
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace weir::loki
