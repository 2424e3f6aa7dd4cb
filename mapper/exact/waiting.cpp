// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/waiting.hpp"

#include <algorithm>
#include <utility>

namespace weft::exact {

namespace {

constexpr int kDiveEvery = 50;               // nodes
constexpr std::size_t kMostInHeap = 20'000;  // some ten megabytes: more are no better, and slower

}  // namespace

WaitingNode& WaitingNodes::next() {
  if (!filled_) {
    if (free_.empty()) {
      free_.push_back(nodes_.size());
      nodes_.emplace_back();
    }
    filled_ = free_.back();
    free_.pop_back();
  }
  return nodes_[*filled_];
}

void WaitingNodes::add() {
  Turn turn{nodes_[*filled_].cost, ++added_, *filled_};
  filled_.reset();
  if (diving_ && (!best_ || less_promising(*best_, turn))) {
    if (!best_) {
      best_ = turn;
      return;
    }
    std::swap(*best_, turn);
  }
  wait(turn);
}

void WaitingNodes::wait(const Turn& turn) {
  if (heap_.size() >= kMostInHeap) {
    stack_.push_back(turn);
    return;
  }
  heap_.push_back(turn);
  std::push_heap(heap_.begin(), heap_.end(), less_promising);
}

WaitingNode* WaitingNodes::take() {
  if (taken_) {
    free_.push_back(*taken_);
    taken_.reset();
  }
  if (best_) {
    taken_ = best_->place;
    best_.reset();
    return &nodes_[*taken_];
  }
  if (!stack_.empty()) {
    taken_ = stack_.back().place;
    stack_.pop_back();
  } else if (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), less_promising);
    taken_ = heap_.back().place;
    heap_.pop_back();
  } else {
    diving_ = true;
    return nullptr;
  }
  diving_ = ++since_dive_ >= kDiveEvery || heap_.size() >= kMostInHeap;
  since_dive_ = diving_ ? 0 : since_dive_;
  return &nodes_[*taken_];
}

}  // namespace weft::exact
