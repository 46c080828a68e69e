import type { SKRSContext2D } from '@napi-rs/canvas';

import { fontFamily } from './fonts.mts';

export interface WrappedText {
	lines: string[];
	/** Pixels. */
	fontSize: number;
	lineHeight: number;
}

const longestText = 1200;
const smallestFont = 9;

/** The largest font in which the text fits the box; cut with an ellipsis when none does. */
export function fitText(
	context: SKRSContext2D,
	text: string,
	width: number,
	height: number,
): WrappedText {
	const shown = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
	let fontSize = Math.max(smallestFont, Math.min(width, height) / 8);
	for (;;) {
		context.font = `${fontSize}px "${fontFamily}"`;
		const lineHeight = fontSize * 1.35;
		const lines = wrap(context, shown, width);
		const room = Math.max(1, Math.floor(height / lineHeight));
		if (lines.length <= room) return { lines, fontSize, lineHeight };
		if (fontSize <= smallestFont) return { lines: cutLines(lines, room), fontSize, lineHeight };
		fontSize = Math.max(smallestFont, fontSize * 0.85);
	}
}

function cutLines(lines: string[], room: number): string[] {
	return lines.slice(0, room).map((line, index) => (index === room - 1 ? `${line}…` : line));
}

function wrap(context: SKRSContext2D, text: string, width: number): string[] {
	return text.split('\n').flatMap((paragraph) => wrapParagraph(context, paragraph, width));
}

function wrapParagraph(context: SKRSContext2D, paragraph: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of paragraph.split(/\s+/).flatMap((word) => breakWord(context, word, width))) {
		const longer = line ? `${line} ${word}` : word;
		if (line && context.measureText(longer).width > width) {
			lines.push(line);
			line = word;
		} else {
			line = longer;
		}
	}
	return [...lines, line];
}

// Words wider than the image, and scripts that are written without spaces.
function breakWord(context: SKRSContext2D, word: string, width: number): string[] {
	if (context.measureText(word).width <= width) return [word];
	const pieces: string[] = [];
	let piece = '';
	for (const character of word) {
		if (piece && context.measureText(piece + character).width > width) {
			pieces.push(piece);
			piece = '';
		}
		piece += character;
	}
	return [...pieces, piece];
}
