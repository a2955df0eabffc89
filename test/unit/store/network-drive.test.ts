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
    it(`${expected ? 'takes' : 'does not take'} ${name} for one on Linux`, () => {
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
    it(`${expected ? 'takes' : 'does not take'} ${path} for one on Windows`, () => {
      expect(isNetworkDrive(path, probe('win32'))).toBe(expected);
    });
  }

  it('sees through a mapped letter on Windows', () => {
    expect(isNetworkDrive('Z:\\repo', probe('win32', { real: '\\\\server\\share\\repo' }))).toBe(true);
  });

  it('takes every mounted volume for one on macOS, where the type says nothing', () => {
    expect(isNetworkDrive('/Volumes/team/repo', probe('darwin'))).toBe(true);
    expect(isNetworkDrive('/Users/ada/repo', probe('darwin'))).toBe(false);
  });

  it('does not fail where the folder is missing', () => {
    expect(isNetworkDrive(`${tmpdir()}/llmops-not-there`)).toBe(false);
  });
});
