-- Applies one change to one room, as a whole or not at all.
--
-- KEYS  1 the room's fence, 2 its touched keys, then the room's keys in the order of their indices in the change
-- ARGV  1 the change in MessagePack (streams/store/redis/blob.py)
-- gives {1, fields that could not take an addition} | {2, offset up to which the fence covers the log} | {3} a guard moved on
--       | {4, the same offset} it covers less than was acknowledged
--
-- A script is not rolled back: the first write is one that Redis refuses when it has no memory or is read-only, the rest cannot fail.

local call, pcall, unpack, tonumber, type, min, max = redis.call, redis.pcall, unpack, tonumber, type, math.min, math.max
local KEYS = KEYS
local fence = KEYS[1]
local SLICE = 1000 -- arguments of one command: Lua's stack is bounded
local NONE = {}

local change = cmsgpack.unpack(ARGV[1])

local guards = change.guards or NONE
local held = call('HMGET', fence, change.fence, 'rev', unpack(guards))
local upto = tonumber(held[1] or -1)
if change.first <= upto then
  return {2, upto}
end
if upto < (change.after or -1) then
  return {4, upto}
end
for i = 1, #guards do
  if tonumber(held[i + 2] or 0) ~= change.versions[i] then
    return {3}
  end
end

-- By the clock, in microseconds: after lost writes, no revision that somebody has read is given out again.
local time = call('TIME')
local rev = max(tonumber(held[2] or 0) + 1, time[1] * 1000000 + time[2])
call('HSET', fence, 'rev', rev)
local refused = 0

local function each_slice(command, key, items)
  for from = 1, #items, SLICE do
    call(command, key, unpack(items, from, min(from + SLICE - 1, #items)))
  end
end

local list = change.remove or NONE
for i = 1, #list, 2 do
  each_slice('HDEL', KEYS[list[i]], list[i + 1])
end

list = change.put or NONE
for i = 1, #list, 2 do
  each_slice('HSET', KEYS[list[i]], list[i + 1])
end

-- A counter that is full, or holds text, keeps what it holds: everything else must still be applied.
list = change.add or NONE
for i = 1, #list, 2 do
  local key = KEYS[list[i]]
  for field, amount in pairs(list[i + 1]) do
    if type(pcall('HINCRBY', key, field, amount)) == 'table' then
      refused = refused + 1
    end
  end
end

local function raise(key, field, value)
  local old = tonumber(call('HGET', key, field))
  if not old or old < value then
    call('HSET', key, field, value)
  end
end

list = change.raised or NONE
for i = 1, #list, 3 do
  raise(KEYS[list[i]], list[i + 1], list[i + 2])
end

list = change.best or NONE
for i = 1, #list, 4 do
  local value = tonumber(call('HGET', KEYS[list[i]], list[i + 1]))
  if value then
    raise(KEYS[list[i + 2]], list[i + 3], value)
  end
end

list = change.people or NONE
for i = 1, #list, 2 do
  local keys, users = list[i], list[i + 1]
  for k = 1, #keys do
    each_slice('PFADD', KEYS[keys[k]], users)
  end
end

list = change.push or NONE
for i = 1, #list, 3 do
  local key = KEYS[list[i]]
  each_slice('LPUSH', key, list[i + 1])
  call('LTRIM', key, 0, list[i + 2] - 1)
end

-- Scores are kept negative: the lowest come first, and among equals the lower member, as readers want them.
list = change.score or NONE
for i = 1, #list, 3 do
  call('ZINCRBY', KEYS[list[i]], -list[i + 2], list[i + 1])
end

list = change.most or NONE
for i = 1, #list, 2 do
  call('ZREMRANGEBYRANK', KEYS[list[i]], list[i + 1], -1)
end

list = change.expire or NONE
for i = 1, #list, 2 do
  call('EXPIRE', KEYS[list[i]], list[i + 1])
end

list = change.touched or NONE
for from = 1, #list, SLICE / 2 do
  local row, n = {}, 0
  for i = from, min(from + SLICE / 2 - 1, #list) do
    row[n + 1] = rev
    row[n + 2] = list[i]
    n = n + 2
  end
  call('ZADD', KEYS[2], unpack(row, 1, n))
end

list = change.bumps or NONE
for i = 1, #list do
  call('HINCRBY', fence, list[i], 1)
end
call('HSET', fence, change.fence, change.last)

return {1, refused}
