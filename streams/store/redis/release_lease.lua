-- Gives back a lease, if it is still the owner's; its token stays, for the next one to be higher.
-- KEYS 1 the lease   ARGV 1 the owner
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'until', 0)
end
return redis.status_reply('OK')
