import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (name: string) => readFileSync(path.join(import.meta.dirname, name), 'utf8');

/**
 * A certificate that nobody vouches for, for 127.0.0.1 and localhost, with its key: for tests only, valid until
 * 2126. Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 * -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1,DNS:localhost`.
 */
export const CERTIFICATE = { key: read('key.pem'), cert: read('cert.pem') };
