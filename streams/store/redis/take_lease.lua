-- Takes a lease that nobody has, or prolongs one's own.
-- KEYS 1 the lease   ARGV 1 the owner, 2 for how many ms   gives its token, 0 where another has it
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'owner', 'until', 'token')
local runs = held[1] and tonumber(held[2]) > now
if runs and held[1] ~= ARGV[1] then
  return 0
end
local token = held[3]
if not runs then
  token = redis.call('HINCRBY', KEYS[1], 'token', 1)
end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', now + ARGV[2])
return tonumber(token)
