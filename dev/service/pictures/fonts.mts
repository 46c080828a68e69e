import { GlobalFonts } from '@napi-rs/canvas';
import { createRequire } from 'node:module';

/** Brought along, because a bare machine or container has no fonts at all. */
export const fontFamily = 'Stand-in Sans';

const require = createRequire(import.meta.url);
GlobalFonts.registerFromPath(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), fontFamily);
