import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type DriveProbe, isNetworkDrive } from '../../../src/core/store/database/network-drive.ts';

const probe = (
  platform: NodeJS.Platform,
  { type = 0xef53, real }: { type?: number; real?: string } = {},
): DriveProbe => ({
  platform,
  fileSystemType: () => type,
  realPath: (folder) => real ?? folder,
});

describe('isNetworkDrive', () => {
  const types: [string, number, boolean][] = [
    ['nfs', 0x6969, true],
    ['cifs', 0xff534d42, true],
    ['cifs as a negative number', 0xff534d42 | 0, true],
    ['smb2', 0xfe534d42, true],
    ['fuse', 0x65735546, true],
    ['9p of WSL', 0x01021997, true],
    ['ext4', 0xef53, false],
    ['btrfs', 0x9123683e, false],
    ['tmpfs', 0x01021994, false],
    ['overlayfs', 0x794c7630, false],
  ];
  for (const [name, type, expected] of types) {
    it(`${expected ? 'detects' : 'does not detect'} ${name} as one on Linux`, () => {
      expect(isNetworkDrive('/work', probe('linux', { type }))).toBe(expected);
    });
  }

  const paths: [string, boolean][] = [
    ['\\\\server\\share\\repo', true],
    ['//server/share/repo', true],
    ['\\\\?\\UNC\\server\\share', true],
    ['\\\\wsl.localhost\\Ubuntu\\home', true],
    ['C:\\repo', false],
    ['\\\\?\\C:\\repo', false],
    ['\\\\.\\C:\\repo', false],
  ];
  for (const [path, expected] of paths) {
    it(`${expected ? 'detects' : 'does not detect'} ${path} as one on Windows`, () => {
      expect(isNetworkDrive(path, probe('win32'))).toBe(expected);
    });
  }

  it('resolves a mapped letter on Windows', () => {
    expect(isNetworkDrive('Z:\\repo', probe('win32', { real: '\\\\server\\share\\repo' }))).toBe(true);
  });

  it('treats every mounted volume as one on macOS, where the type is unknown', () => {
    expect(isNetworkDrive('/Volumes/team/repo', probe('darwin'))).toBe(true);
    expect(isNetworkDrive('/Users/ada/repo', probe('darwin'))).toBe(false);
  });

  it('does not fail if the folder is missing', () => {
    expect(isNetworkDrive(`${tmpdir()}/llmops-not-there`)).toBe(false);
  });
});
