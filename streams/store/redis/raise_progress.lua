-- Raises the next offset to read of one partition, never lowers it.
-- KEYS 1 the progress of a log   ARGV 1 the partition, 2 the offset, 3 what it must be at least before
-- gives 1, or 0 where it was less than that: then nothing is done
local held = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if held < tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', math.max(held, tonumber(ARGV[2]))))
return 1
