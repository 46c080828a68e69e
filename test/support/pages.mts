/** Pages a service answers with where an answer was expected. */

export const CAPTCHA_PAGE =
	'<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser before accessing the site.</body></html>';

export const PLAIN_PAGE =
	'<!doctype html>\n<html><head><title>Welcome to nginx!</title></head><body><p>It works.</p></body></html>';
