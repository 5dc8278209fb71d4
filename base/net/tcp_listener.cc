// SPDX-License-Identifier: Apache-2.0
// Who takes a connection owns its descriptor and does not say when it closes it. So a duplicate is kept
// beside each, which reads nothing and hears of nothing but the connection's end.

#include "base/net/tcp_listener.h"

#include "base/descriptor.h"
#include "base/mutex.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <fcntl.h>
#include <set>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Watch = asio::posix::stream_descriptor;

/// "Too many open files" must not spin.
constexpr std::chrono::milliseconds kTcpAcceptPause(100);

}  // namespace

// Everything but the counts happens on the acceptor's strand.
struct TcpListener::State : std::enable_shared_from_this<TcpListener::State> {
  State(asio::io_context& io, std::size_t most, Take t)
      : acceptor(asio::make_strand(io)),
        pause(acceptor.get_executor()),
        max_connections(most),
        take(std::move(t)) {}

  Status bind(asio::io_context& io, const std::string& host, std::uint16_t port);
  void accept();
  void accepted(tcp::socket socket);
  void watch(Descriptor descriptor);
  void close() WEIR_EXCLUDES(mutex);

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  const std::size_t max_connections;
  Take take;
  std::set<std::shared_ptr<Watch>> watches;
  bool accepting = false;

  mutable Mutex mutex;
  Condition changed;
  std::size_t open WEIR_GUARDED_BY(mutex) = 0;
  bool closed WEIR_GUARDED_BY(mutex) = false;
};

Status TcpListener::State::bind(asio::io_context& io, const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(
      host, std::to_string(port), tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (!error && !found.empty()) {
    const tcp::endpoint endpoint = *found.begin();
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (!error && acceptor.is_open()) return {};
  return make_error(Code::kUnavailable, "listen on {}:{}: {}", host, port, error.message());
}

void TcpListener::State::accept() {
  {
    MutexLock lock(mutex);
    if (accepting || closed || (max_connections != 0 && open >= max_connections)) return;
  }
  accepting = true;
  acceptor.async_accept(
      [self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
        self->accepting = false;
        if (!self->take) return;  // it closed while this one was on its way
        if (!error) {
          self->accepted(std::move(socket));
          return self->accept();
        }
        self->pause.expires_after(kTcpAcceptPause);
        self->pause.async_wait([self](boost::system::error_code cancelled) {
          if (!cancelled) self->accept();
        });
      });
}

void TcpListener::State::accepted(tcp::socket socket) {
  boost::system::error_code error;
  socket.set_option(tcp::no_delay(true), error);
  Descriptor descriptor(socket.release(error));
  if (error) return;
  Descriptor duplicate(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0));
  if (!duplicate) return;
  ::fcntl(descriptor.get(), F_SETFL, ::fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
  watch(std::move(duplicate));
  take(descriptor.release());
}

void TcpListener::State::watch(Descriptor descriptor) {
  const auto duplicate = std::make_shared<Watch>(acceptor.get_executor(), descriptor.release());
  watches.insert(duplicate);
  {
    MutexLock lock(mutex);
    ++open;
  }
  duplicate->async_wait(Watch::wait_error,
                        [self = shared_from_this(), duplicate](boost::system::error_code) {
                          self->watches.erase(duplicate);
                          {
                            MutexLock lock(self->mutex);
                            --self->open;
                          }
                          self->accept();
                        });
}

void TcpListener::State::close() {
  boost::system::error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for (const auto& one : watches) one->close(ignored);
  take = nullptr;
  MutexLock lock(mutex);
  closed = true;
  changed.notify_all();
}

Result<std::unique_ptr<TcpListener>> TcpListener::listen(exec::Pool& pool, const std::string& host,
                                                         std::uint16_t port,
                                                         std::size_t max_connections, Take take) {
  auto& io = *static_cast<asio::io_context*>(pool.io_context());
  auto state = std::make_shared<State>(io, max_connections, std::move(take));
  WEIR_TRY_STATUS(state->bind(io, host, port));
  const std::uint16_t bound = state->acceptor.local_endpoint().port();
  asio::dispatch(state->acceptor.get_executor(), [state] { state->accept(); });
  return std::unique_ptr<TcpListener>(new TcpListener(std::move(state), bound));
}

TcpListener::~TcpListener() {
  stop();
}

std::size_t TcpListener::connections() const {
  MutexLock lock(state_->mutex);
  return state_->open;
}

void TcpListener::stop() {
  asio::dispatch(state_->acceptor.get_executor(), [state = state_] { state->close(); });
  MutexLock lock(state_->mutex);
  state_->changed.wait(state_->mutex,
                       [this]() WEIR_REQUIRES(state_->mutex) { return state_->closed; });
}

}  // namespace weir::net
