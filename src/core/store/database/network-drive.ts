import { realpathSync, statfsSync } from 'node:fs';

/** File systems (statfs magic numbers) whose shared memory does not reach other machines, which WAL needs. */
const REMOTE_FILE_SYSTEMS = new Map<number, string>([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x65735546, 'fuse'],
  [0x01021997, '9p'],
  [0x564c, 'ncp'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'afs'],
  [0x73757245, 'coda'],
  [0x00c36400, 'ceph'],
  [0x01161970, 'gfs2'],
  [0x7461636f, 'ocfs2'],
  [0x0bd00bd0, 'lustre'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
]);

export interface DriveProbe {
  platform: NodeJS.Platform;
  /** The `type` of statfs. */
  fileSystemType(folder: string): number;
  /** Resolves links, and on Windows a mapped letter to its `\\server\share`. */
  realPath(folder: string): string;
}

const SYSTEM_PROBE: DriveProbe = {
  platform: process.platform,
  fileSystemType: (folder) => statfsSync(folder).type,
  realPath: (folder) => realpathSync.native(folder),
};

/** True if the folder may be shared between machines; macOS gives no stable type, so every mounted volume counts. */
export function isNetworkDrive(folder: string, probe: DriveProbe = SYSTEM_PROBE): boolean {
  try {
    const real = probe.realPath(folder);
    if (probe.platform === 'win32') return isUncPath(folder) || isUncPath(real);
    if (probe.platform === 'darwin') return real.startsWith('/Volumes/');
    return REMOTE_FILE_SYSTEMS.has(probe.fileSystemType(folder) >>> 0);
  } catch {
    return false;
  }
}

/** `\\server\share` and `\\?\UNC\server`, but not the local `\\?\C:\` and `\\.\` forms. */
function isUncPath(path: string): boolean {
  return /^[\\/]{2}(?:\?[\\/]UNC[\\/]|(?![?.][\\/])[^\\/])/i.test(path);
}
