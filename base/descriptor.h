// SPDX-License-Identifier: Apache-2.0
// A file descriptor with one owner.

#pragma once

#include <unistd.h>
#include <utility>

namespace weir {

/// Closed when it is dropped. Threads: one at a time.
class Descriptor {
 public:
  Descriptor() = default;
  /// Takes over what a system call gave; negative is none.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  explicit operator bool() const { return number_ >= 0; }
  [[nodiscard]] int get() const { return number_; }
  /// The caller closes it.
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  void close() {
    if (number_ >= 0) ::close(release());
  }

 private:
  int number_ = -1;
};

}  // namespace weir
