-- Lowers the next offset to read of one partition, never raises it.
-- KEYS 1 the progress of a log   ARGV 1 the partition, 2 the offset
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and tonumber(held) > tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 1
