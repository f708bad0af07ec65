-- Puts a notice behind those that wait for a subscription, unless its id was posted before.
-- KEYS  1 the ids seen, 2 the queue, 3 the counter   ARGV  1 the id, 2 the text, 3 how long an id is known, 4 how long all of it is kept (ms)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZADD', KEYS[1], 'NX', now, ARGV[1]) == 0 then
  return 0
end
local number = redis.call('INCR', KEYS[3])
redis.call('ZADD', KEYS[2], number, number .. ' ' .. ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
for i = 1, #KEYS do
  redis.call('PEXPIRE', KEYS[i], ARGV[4])
end
return number
