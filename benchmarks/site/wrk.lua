-- Asks the addresses of a file in turn, in an order that skips about; counts every answer that is not 2xx.
local threads, paths, asked = {}, {}, 0
failed = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    table.insert(paths, line)
  end
end

function request()
  asked = asked + 1
  return wrk.format("GET", paths[(asked * 7919) % #paths + 1])
end

function response(status)
  if status < 200 or status > 299 then
    failed = failed + 1
  end
end

function done(summary, latency)
  local refused, errors = 0, summary.errors
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("failed")
  end
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"answers": %d, "seconds": %.3f, "p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f, "not_2xx": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, refused, broken
  ))
end
