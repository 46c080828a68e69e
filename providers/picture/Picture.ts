import type { Dimensions } from './dimensions';
import type { PictureFormat } from './sniff';

/** A picture that is about to be read. Exactly one of reading `bytes` and calling `close` ends it. */
export interface Picture extends PictureFormat, Partial<Dimensions> {
	/** The file, in chunks, to be read once. Throws ProviderError when it breaks off or grows too large. */
	bytes: AsyncIterable<Uint8Array>;
	/** Lets go of a picture that is not read. */
	close(): void;
}

/** The largest picture taken unless the caller says otherwise, in bytes. */
export const LARGEST_PICTURE = 100 * 1024 * 1024;
