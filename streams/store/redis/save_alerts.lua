-- Writes what a look at a room changed in its alerts, as a whole or not at all.
-- KEYS  1 the room's fence, 2 its touched keys, 3 its lease, 4 the states, 5 the history, 6 what is to be told
-- ARGV  1 the step in MessagePack (streams/store/redis/alerts.py)
-- gives {1, version} | {2} the states moved on | {3} the lease is another's
local call, min = redis.call, math.min
local SLICE = 1000
local step = cmsgpack.unpack(ARGV[1])

if step.token and step.token ~= tonumber(call('HGET', KEYS[3], 'token') or 0) then
  return {3}
end
if step.version ~= tonumber(call('HGET', KEYS[1], step.guard) or 0) then
  return {2}
end

local time = call('TIME') -- as in apply.lua
local rev = math.max(tonumber(call('HGET', KEYS[1], 'rev') or 0) + 1, time[1] * 1000000 + time[2])
call('HSET', KEYS[1], 'rev', rev)
local touched = {}
for from = 1, #step.put, SLICE do
  call('HSET', KEYS[4], unpack(step.put, from, min(from + SLICE - 1, #step.put)))
  touched[1] = step.states_key
end
for i = 1, #step.told do
  local number = call('HINCRBY', KEYS[1], 'told', 1)
  call('LPUSH', KEYS[5], step.told[i])
  -- The number in front keeps two texts that are the same apart.
  call('ZADD', KEYS[6], number, number .. ' ' .. step.told[i])
end
if #step.told > 0 then
  call('LTRIM', KEYS[5], 0, step.keep - 1)
  touched[#touched + 1] = step.history_key
end
for i = 1, #touched do
  call('ZADD', KEYS[2], rev, touched[i])
end
return {1, call('HINCRBY', KEYS[1], step.guard, 1)}
