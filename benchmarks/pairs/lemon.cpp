// Solves one instance with LEMON and prints CPU seconds, the optimal cost and the memory solving added (KiB).
// usage: lemon simplex|scaling FILE   (FILE: int64 N H E penalty, start[N+1], helper[E], cost[E], capacity[H])
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

using Graph = lemon::StaticDigraph;
using Numbers = std::vector<int64_t>;

static Numbers read(FILE* file, size_t size) {
  Numbers numbers(size);
  if (fread(numbers.data(), 8, size, file) != size) throw "the file is too short";
  return numbers;
}

static long peak() {
  FILE* file = fopen("/proc/self/status", "r");
  char line[256];
  long kib = 0;
  while (file && fgets(line, sizeof line, file))
    if (std::string(line, 6) == "VmHWM:") kib = atol(line + 6);
  if (file) fclose(file);
  return kib;
}

template <class Solver>
static void solve(const Graph& graph, const Graph::ArcMap<int64_t>& capacity, const Graph::ArcMap<int64_t>& cost,
                  const Graph::NodeMap<int64_t>& supply) {
  long before = peak();
  clock_t start = clock();
  Solver solver(graph);
  solver.upperMap(capacity).costMap(cost).supplyMap(supply);
  if (solver.run() != Solver::OPTIMAL) throw "no optimum";
  double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  printf("%.6f %lld %ld\n", seconds, (long long)solver.totalCost(), peak() - before);
}

int main(int, char** argv) {
  FILE* file = fopen(argv[2], "rb");
  Numbers head = read(file, 4);
  int64_t rows = head[0], columns = head[1], edges = head[2], penalty = head[3];
  Numbers start = read(file, rows + 1), helper = read(file, edges), cost = read(file, edges), places = read(file, columns);
  std::vector<std::pair<int, int>> arcs;
  Numbers upper, price;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t e = start[i]; e < start[i + 1]; ++e) {
      arcs.emplace_back(i, rows + helper[e]);
      upper.push_back(1);
      price.push_back(cost[e]);
    }
    arcs.emplace_back(i, rows + columns);
    upper.push_back(1);
    price.push_back(penalty);
  }
  for (int64_t j = 0; j < columns; ++j) {
    arcs.emplace_back(rows + j, rows + columns);
    upper.push_back(places[j]);
    price.push_back(0);
  }
  Graph graph;
  graph.build(rows + columns + 1, arcs.begin(), arcs.end());
  Graph::ArcMap<int64_t> capacity(graph), costs(graph);
  for (size_t arc = 0; arc < arcs.size(); ++arc) {
    capacity[graph.arc(arc)] = upper[arc];
    costs[graph.arc(arc)] = price[arc];
  }
  Graph::NodeMap<int64_t> supply(graph, 0);
  for (int64_t i = 0; i < rows; ++i) supply[graph.node(i)] = 1;
  supply[graph.node(rows + columns)] = -rows;
  if (std::string(argv[1]) == "simplex")
    solve<lemon::NetworkSimplex<Graph, int64_t, int64_t>>(graph, capacity, costs, supply);
  else
    solve<lemon::CostScaling<Graph, int64_t, int64_t>>(graph, capacity, costs, supply);
}
