/** What the figures are: their age, their marks, who is on air. */
export const zhFigures = {
  'pager.before': '上一页',
  'pager.next': '下一页',
  'pager.shown': '第 {from}–{to} 单，共 {n} 单',
  'orders.timeout': '创建后 {n} 分钟未支付算超时，库存自动释放',
  'orders.away': '服务器没有应答，正在重试',
  'status.silent': '无数据',
  'status.closed': '系统已关闭',
  'notice.silent.title': '直播间没有新数据',
  'notice.silent.text': '已有半小时以上没有收到任何事件；满 {hours} 小时系统会关闭它，有新事件就恢复。',
  'notice.closed.title': '直播间已由系统关闭',
  'notice.closed.text': '{hours} 小时没有收到任何事件，也没有人下播；收到新事件会自动恢复。',
  'link.hint.behind': '所有数据都晚了：计算程序落后或直播平台停止推送。累计数字停在那一刻；在线人数和近 5 分钟的数字会随时间走低。',
} as const
