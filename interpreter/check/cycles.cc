// SPDX-License-Identifier: Apache-2.0
// Tarjan's strongly connected components, with a stack of its own: a chain of needs may be as long
// as the file; then one shortest way round from each member.

#include "interpreter/check/cycles.h"

#include "base/format.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

namespace weir::check {

using text::DiagnosticCode;

namespace {

struct Mark {
  std::size_t index = 0;   ///< order of discovery, from 1
  std::size_t low = 0;     ///< the earliest that can be reached
  bool open = false;       ///< its circle is not settled
  std::size_t circle = 0;  ///< which circle it is part of, from 1; 0: none
};

class CycleFinder {
 public:
  explicit CycleFinder(const Module& module) : module_(module) {}

  /// Each node's circle; nodes in none are left out.
  std::vector<std::pair<const Node*, std::size_t>> find() {
    for (const auto& node : module_.nodes) {
      if (marks_[node.get()].index == 0) visit(node.get());
    }
    std::vector<std::pair<const Node*, std::size_t>> out;
    for (const auto& node : module_.nodes) {
      if (const std::size_t circle = marks_[node.get()].circle; circle != 0)
        out.emplace_back(node.get(), circle);
    }
    return out;
  }

  /// A shortest way from `start` through its circle back to itself: start, a, b. Only `start` once
  /// the walks for one file have cost too much.
  std::vector<const Node*> way_round(const Node* start) {
    std::unordered_map<const Node*, const Node*> came_from;
    std::deque<const Node*> queue = {start};
    while (!queue.empty() && steps_left_ != 0) {
      const Node* at = queue.front();
      queue.pop_front();
      --steps_left_;
      for (const auto& [next, span] : at->needs) {
        if (next == start) return path_to(at, start, came_from);
        if (marks_[next].circle == marks_[start].circle && came_from.emplace(next, at).second)
          queue.push_back(next);
      }
    }
    return {start};
  }

 private:
  struct Frame {
    const Node* node;
    std::size_t next = 0;
  };

  void visit(const Node* root) {
    std::vector<Frame> frames = {{root}};
    discover(root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const Node* node = frame.node;
      if (frame.next < node->needs.size()) {
        const Node* next = node->needs[frame.next++].first;
        if (marks_[next].index == 0) {
          discover(next);
          frames.push_back({next});
        } else if (marks_[next].open) {
          marks_[node].low = std::min(marks_[node].low, marks_[next].index);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty())
        marks_[frames.back().node].low = std::min(marks_[frames.back().node].low, marks_[node].low);
      if (marks_[node].low == marks_[node].index) settle(node);
    }
  }

  void discover(const Node* node) {
    marks_[node] = {++count_, count_, true, 0};
    open_.push_back(node);
  }

  /// Takes the circle that was discovered from `first` off the open nodes.
  void settle(const Node* first) {
    const auto at = std::find(open_.rbegin(), open_.rend(), first).base() - 1;
    const bool alone = open_.end() - at == 1;
    const bool itself = std::any_of(first->needs.begin(), first->needs.end(),
                                    [&](const auto& need) { return need.first == first; });
    if (!alone || itself) ++circles_;
    for (auto node = at; node != open_.end(); ++node) {
      marks_[*node].open = false;
      if (!alone || itself) marks_[*node].circle = circles_;
    }
    open_.erase(at, open_.end());
  }

  static std::vector<const Node*> path_to(
      const Node* last, const Node* start,
      const std::unordered_map<const Node*, const Node*>& came_from) {
    std::vector<const Node*> path;
    for (const Node* at = last; at != start; at = came_from.at(at)) path.push_back(at);
    path.push_back(start);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Module& module_;
  std::unordered_map<const Node*, Mark> marks_;
  std::vector<const Node*> open_;
  std::size_t count_ = 0;
  std::size_t circles_ = 0;
  std::size_t steps_left_ = 200'000;
};

/// "a → b → a", its middle left out if it is long.
std::string in_words(const std::vector<const Node*>& path) {
  constexpr std::size_t kShown = 8;
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.size() > kShown && i == kShown / 2) {
      out += format("… {} more … → ", path.size() - kShown);
      i = path.size() - kShown / 2;
    }
    out += path[i]->id + " → ";
  }
  return out + path.front()->id;
}

text::Span span_of_need(const Node& from, const Node* to) {
  for (const auto& [node, span] : from.needs) {
    if (node == to) return span;
  }
  return {};
}

}  // namespace

void report_cycles(const Module& module, text::DiagnosticSink& sink) {
  CycleFinder finder(module);
  for (const auto& [node, circle] : finder.find()) {
    const auto path = finder.way_round(node);
    auto& diagnostic =
        sink.add(DiagnosticCode::kCycle, node->head(),
                 path.size() == 1 ? format("{} needs itself", node->id)
                                  : format("{} needs itself: {}", node->id, in_words(path)),
                 "one of the references has to go");
    const Node* next = path.size() == 1 ? node : path[1];
    if (const text::Span span = span_of_need(*node, next))
      diagnostic.note(span, format("it refers to {} here", next->id));
  }
}

}  // namespace weir::check
