// SPDX-License-Identifier: Apache-2.0
#include "base/exec/subprocess.h"

#include "base/descriptor.h"
#include "base/exec/executor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace weir::exec {
namespace {

using namespace std::chrono_literals;

Command shell(std::string script, Duration timeout = 10s) {
  return {.argv = {"sh", "-c", std::move(script)},
          .env = environment_without("WEIR_TEST_"),
          .timeout = timeout};
}

TEST(Subprocess, TellsOutputErrorsAndTheEnd) {
  const auto ended = run(shell("echo said; echo complained >&2; exit 3"));
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_EQ(ended->out, "said\n");
  EXPECT_EQ(ended->err, "complained\n");
  EXPECT_EQ(ended->exit_code, 3);
  EXPECT_EQ(run(shell("kill -9 $$"))->exit_code, 128 + 9);
}

TEST(Subprocess, HasNothingToReadAndNoTerminal) {
  EXPECT_EQ(run(shell("cat; [ -t 0 ] || echo none; echo > /dev/tty || echo none"))->out,
            "none\nnone\n");
}

TEST(Subprocess, SeesTheEnvironmentItIsGiven) {
  Command command = shell("echo $WEIR_A $WEIR_B");
  command.env.emplace_back("WEIR_A=1");
  EXPECT_EQ(run(command)->out, "1\n");
}

TEST(Subprocess, MayNotTakeTooLong) {
  const auto before = std::chrono::steady_clock::now();
  const auto ended = run(shell("sleep 60 & sleep 60", 50ms));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

TEST(Subprocess, MayNotTakeTooLongHoweverMuchItSays) {
  const auto before = std::chrono::steady_clock::now();
  const auto ended = run(shell("exec cat /dev/zero", 50ms));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

TEST(Subprocess, MayTidyUpBeforeItIsKilled) {
  std::string path = testing::TempDir() + "weir-subprocess-XXXXXX";
  const Descriptor made(::mkstemp(path.data()));
  ASSERT_TRUE(made);
  const auto late =
      run(shell("trap 'rm " + path + "; exit' TERM; while :; do sleep 0.01; done", 300ms));
  ASSERT_FALSE(late);
  EXPECT_NE(::access(path.c_str(), F_OK), 0) << path;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(run(shell("trap '' TERM; while :; do sleep 0.01; done", 300ms)));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

TEST(Subprocess, WritesNoLargerFilesThanItMay) {
  std::string path = testing::TempDir() + "weir-subprocess-XXXXXX";
  const Descriptor made(::mkstemp(path.data()));
  ASSERT_TRUE(made);
  Command command = shell("sleep 0.1; head -c 3000000 /dev/zero > " + path);
  command.max_file_bytes = 100'000;
  const auto ended = run(command);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_code, 128 + SIGXFSZ);
  EXPECT_EQ(::lseek(made.get(), 0, SEEK_END), 100'000);
  ::unlink(path.c_str());
}

TEST(Subprocess, IsNotWaitedForThroughWhatItLeavesBehind) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(run(shell("sleep 60 & echo done"))->out, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

TEST(Subprocess, IsEndedWhenItIsNoLongerWanted) {
  std::stop_source stop;
  Pool pool(1);
  const auto thread = pool.spawn("stops", [&](const std::stop_token&) { stop.request_stop(); });
  const auto ended = run(shell("sleep 60"), stop.get_token());
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::kCancelled);
}

TEST(Subprocess, SpeaksNoLouderThanItMay) {
  Command command = shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2");
  command.max_output_bytes = 1000;
  const auto ended = run(command);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->out.size(), 1000U);
  EXPECT_EQ(ended->err.size(), 1000U);
}

TEST(Subprocess, SaysThatThereIsNoSuchProgram) {
  const auto ended = run({.argv = {"weir-no-such-program"}, .env = {}});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace weir::exec
