/** How the payloads of a stream are written down. */
export interface StreamFormat {
	lineEnd: string;
	byteOrderMark: boolean;
	comments: boolean;
	fields: boolean;
	emptyData: boolean;
	doneMarker: boolean;
	spaceAfterColon: boolean;
	splitLineBreaks: boolean;
	endless: boolean;
	gzip: boolean;
}

export interface StreamQuirk {
	usage: string;
	explanation: string;
	format: Partial<StreamFormat>;
}

export const plainFormat: StreamFormat = {
	lineEnd: '\n',
	byteOrderMark: false,
	comments: false,
	fields: false,
	emptyData: false,
	doneMarker: false,
	spaceAfterColon: true,
	splitLineBreaks: false,
	endless: false,
	gzip: false,
};

function quirk(usage: string, explanation: string, format: Partial<StreamFormat>): StreamQuirk {
	return { usage, explanation, format };
}

export const streamQuirks: Record<string, StreamQuirk> = {
	crlf: quirk('crlf', 'lines of a stream end with CR LF', { lineEnd: '\r\n' }),
	cr: quirk('cr', 'lines of a stream end with CR alone', { lineEnd: '\r' }),
	bom: quirk('bom', 'the stream begins with a byte order mark', { byteOrderMark: true }),
	comments: quirk('comments', 'comment lines (`: ping`) between the events', { comments: true }),
	fields: quirk('fields', 'event, id and retry lines in the events', { fields: true }),
	'empty-data': quirk('empty-data', 'events with an empty data line between', { emptyData: true }),
	done: quirk('done', 'Ai-Chats: `data: [DONE]` at the end, as gateways send', {
		doneMarker: true,
	}),
	'no-space': quirk(
		'no-space',
		'no space after `data:` where the payload does not begin with one',
		{
			spaceAfterColon: false,
		},
	),
	'split-newline': quirk('split-newline', 'Ai-Chats: backslash and n in two fragments', {
		splitLineBreaks: true,
	}),
	endless: quirk('endless', 'the fragments of the answer over again, for ever', { endless: true }),
	gzip: quirk('gzip', 'the body is compressed (content-encoding: gzip)', { gzip: true }),
};
