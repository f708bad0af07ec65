/** The playlist for a TV. */
export const zh = {
  title: '电视轮播',
  about: '选择要轮流显示的直播间和面板，把生成的地址设为电视浏览器的首页。',
  rooms: '直播间',
  live: '所有在播的直播间',
  wall: '直播间总览',
  tabs: '面板',
  seconds: '每页秒数',
  camera: '隐藏金额(镜头模式)',
  link: '地址',
  start: '开始轮播',
  empty: '先选一个直播间',
  paused: '已暂停',
  place: '{n} / {of}',
} as const
