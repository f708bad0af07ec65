-- Writes one change to a subscription's desk, as a whole or not at all.
-- KEYS  1 the lease, 2 the queue, 3 what is being sent, 4 the open alerts, 5 the log   ARGV  1 the page in MessagePack (notices.py)
-- gives 1, or 0 where the lease is another's
local call = redis.call
local page = cmsgpack.unpack(ARGV[1])
if page.token ~= tonumber(call('HGET', KEYS[1], 'token') or 0) then
  return 0
end
-- First what Redis refuses when it has no memory.
for i = 1, #page.logged do
  call('LPUSH', KEYS[5], page.logged[i])
end
for i = 1, #page.opened, 2 do
  call('HSET', KEYS[4], page.opened[i], page.opened[i + 1])
end
if page.sending then
  call('SET', KEYS[3], page.sending)
else
  call('DEL', KEYS[3])
end
for i = 1, #page.done do
  call('ZREMRANGEBYSCORE', KEYS[2], page.done[i], page.done[i])
end
for i = 1, #page.closed do
  call('HDEL', KEYS[4], page.closed[i])
end
call('LTRIM', KEYS[5], 0, page.keep - 1)
for i = 2, #KEYS do
  call('PEXPIRE', KEYS[i], page.keep_ms)
end
return 1
