import type { Directive } from '../directives.mts';
import type { Exchange } from '../exchange.mts';
import { renderImage } from '../images/draw.mts';
import type { DrawnImage } from '../images/image.mts';
import { sendBytes, sendText } from '../wire/send.mts';
import { missingImagePage, sendRedirect } from './http.mts';

/** A fault of the GET that fetches the image; remembered from the request that named it. */
export interface ImageFault {
	usage: string;
	explanation: string;
	answer(exchange: Exchange, image: DrawnImage, directive: Directive): void | Promise<void>;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script/></svg>';

export const imageFaults: Record<string, ImageFault> = {
	'wrong-type': {
		usage: 'wrong-type',
		explanation: 'the image URL answers 200 with an HTML page',
		answer: async (exchange) => await sendText(exchange, 200, 'text/html', missingImagePage),
	},
	svg: {
		usage: 'svg',
		explanation: 'the image URL answers an SVG',
		answer: async (exchange) => await sendText(exchange, 200, 'image/svg+xml', svg),
	},
	expired: {
		usage: 'expired',
		explanation: 'the image URL answers 403, as signed URLs do when their time is over',
		answer: async (exchange) => await sendText(exchange, 403, 'text/plain', 'Request has expired'),
	},
	gone: {
		usage: 'gone',
		explanation: 'the image URL answers 404',
		answer: async (exchange) => await sendText(exchange, 404, 'text/plain', 'Not found'),
	},
	'no-image': {
		usage: 'no-image',
		explanation: 'the image URL answers image/png with zero bytes',
		answer: async (exchange) => await sendText(exchange, 200, 'image/png', ''),
	},
	mislabelled: {
		usage: 'mislabelled',
		explanation: 'the image is a JPEG and is called image/png',
		answer: async (exchange, image) => {
			const bytes = await renderImage({ ...image, type: 'jpeg' });
			const head = { status: 200, headers: { 'content-type': 'image/png' }, length: bytes.length };
			await sendBytes(exchange, head, [bytes]);
		},
	},
	'image-redirect': {
		usage: 'image-redirect to=service|images|loop|file code=302|307|308',
		explanation: 'the image URL redirects; the image is where it lands',
		answer: (exchange, _image, directive) => sendRedirect(exchange, directive),
	},
};
