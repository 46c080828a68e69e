import { expect, test } from 'vitest';

import { isMetadataHost } from './metadataHost.ts';

const hostOf = (host: string) => new URL(`http://${host}/`).hostname;

test.each([
	'169.254.169.254',
	'169.254.170.2',
	'2852039166',
	'0xa9fea9fe',
	'0251.0376.0251.0376',
	'169.254.43518',
	'100.100.100.200',
	'168.63.129.16',
	'192.0.0.192',
	'[fe80::1]',
	'[febf::1]',
	'[fd00:ec2::254]',
	'[fd00:ec2::23]',
	'[fd20:ce::254]',
	'[::ffff:169.254.169.254]',
	'[::ffff:a9fe:a9fe]',
	'[::169.254.169.254]',
	'[::ffff:0:169.254.169.254]',
	'[64:ff9b::a9fe:a9fe]',
	'[64:ff9b::100.100.100.200]',
	'[64:ff9b:1::a9fe:a9fe]',
	'[2002:a9fe:a9fe::1]',
	'metadata',
	'METADATA.google.internal',
	'metadata.google.internal.',
	'metadata.goog',
	'instance-data.ec2.internal',
])('%s is a metadata host', (host) => {
	expect(isMetadataHost(hostOf(host))).toBe(true);
});

test.each([
	'localhost',
	'127.0.0.1',
	'[::1]',
	'10.0.0.1',
	'192.168.1.1',
	'100.100.100.201',
	'169.253.169.254',
	'192.0.0.191',
	'[fec0::1]',
	'[fd00::1]',
	'[fd00:ec3::254]',
	'[2001:db8::a9fe:a9fe]',
	'[::ffff:10.0.0.1]',
	'[64:ff9b::a00:1]',
	'[2002:a00:1::1]',
	'metadata.example.com',
	'my-metadata',
	'example.com',
])('%s is not', (host) => {
	expect(isMetadataHost(hostOf(host))).toBe(false);
});
