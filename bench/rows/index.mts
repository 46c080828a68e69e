import { chatsRow } from './chats.row.mts';
import { decoderRow } from './decoder.row.mts';
import { firstFragmentRow } from './firstFragment.row.mts';
import { historyGrowth, itemsGrowth, pictureGrowth, streamGrowth } from './growth.rows.mts';
import { perItemRow } from './perItem.row.mts';
import { picturesRow } from './pictures.row.mts';
import type { Row } from './row.mts';
import { weightRow } from './weight.row.mts';

/** All comparisons, in the order in which they are told. */
export const ROWS: readonly Row[] = [
	chatsRow,
	perItemRow,
	picturesRow,
	firstFragmentRow,
	decoderRow,
	itemsGrowth,
	pictureGrowth,
	streamGrowth,
	historyGrowth,
	weightRow,
];
