import { chatsRow } from './chats.row.mts';
import { decoderRow } from './decoder.row.mts';
import { farRow } from './far.row.mts';
import { firstFragmentRow } from './firstFragment.row.mts';
import { historyGrowth, itemsGrowth, pictureGrowth, streamGrowth } from './growth.rows.mts';
import { limitRow } from './limit.row.mts';
import { pdfRow } from './pdf.row.mts';
import { perItemRow } from './perItem.row.mts';
import { picturesRow } from './pictures.row.mts';
import { retryRow } from './retry.row.mts';
import type { Row } from './row.mts';
import { weightRow } from './weight.row.mts';

/** All comparisons, in the order in which they are measured and told: those that take long come last. */
export const ROWS: readonly Row[] = [
	chatsRow,
	perItemRow,
	firstFragmentRow,
	farRow,
	limitRow,
	retryRow,
	decoderRow,
	weightRow,
	picturesRow,
	pdfRow,
	itemsGrowth,
	streamGrowth,
	historyGrowth,
	pictureGrowth,
];
