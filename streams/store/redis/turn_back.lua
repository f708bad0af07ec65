-- Lowers the next offset to read of one partition, never raises it, and drops the claims that it then no longer makes.
-- KEYS 1 the progress of a log, 2 the claims of the partition   ARGV 1 the partition, 2 the offset, 3 … rooms
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and tonumber(held) > tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
for from = 3, #ARGV, 1000 do
  redis.call('HDEL', KEYS[2], unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
return 1
