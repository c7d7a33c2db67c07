// The icons pages may name (platform/web checks that a name it uses is here). From @tabler/icons, outline.
export const ICONS = [
  'alert-circle', 'alert-triangle', 'archive', 'arrow-back-up', 'arrow-right', 'arrows-sort', 'book', 'building',
  'calendar', 'calendar-event', 'certificate', 'chart-bar', 'check', 'chevron-down', 'chevron-left', 'chevron-right',
  'chevrons-left', 'chevrons-right', 'circle', 'circle-check', 'circle-dot', 'circle-x', 'clock', 'columns', 'components',
  'copy', 'database', 'database-import', 'device-desktop', 'device-mobile', 'diamond', 'dots', 'download',
  'external-link', 'eye', 'eye-off', 'file-text', 'filter', 'git-compare', 'help-circle', 'hierarchy-2', 'history', 'home',
  'hourglass', 'info-circle', 'key', 'link', 'list-tree', 'lock', 'lock-open', 'login-2', 'logout', 'mail', 'menu-2', 'moon', 'pencil',
  'player-pause', 'player-play', 'player-stop', 'plug-connected', 'plug-connected-x', 'plus', 'printer', 'refresh',
  'school', 'search', 'settings', 'share-3', 'sort-ascending', 'sort-descending', 'square', 'stack-2', 'sun', 'table', 'trash',
  'upload', 'user', 'user-check', 'user-circle', 'user-off', 'users', 'x',
];
