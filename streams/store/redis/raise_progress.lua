-- Raises the next offset to read of one partition, never lowers it, together with what it claims of the rooms.
--
-- KEYS  1 the progress of a log, 2 the claims of the partition
-- ARGV  1 the partition, 2 the offset, 3 what the progress must be at least before, 4 how many claims are kept, 5 … room, fence, room, fence …
-- gives 1, or 0 where the progress was less than that: then nothing is done
local held = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
local offset = tonumber(ARGV[2])
if held < tonumber(ARGV[3]) then
  return 0
end
if offset <= held then
  if held == 0 then
    redis.call('HSET', KEYS[1], ARGV[1], '0')
  end
  return 1
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', offset))
if #ARGV > 4 and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then
  redis.call('DEL', KEYS[2])
end
for from = 5, #ARGV, 1000 do
  redis.call('HSET', KEYS[2], unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
return 1
