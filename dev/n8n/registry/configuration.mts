/** The one account of a registry that is on loopback and gone afterwards. */
export const PUBLISHER = { name: 'publisher', password: 'Aichats-on-loopback-1' };

/** Settings of Verdaccio. Without uplinks it asks no other registry for what it does not have. */
export const CONFIGURATION = {
	storage: './storage',
	auth: { htpasswd: { file: './htpasswd' } },
	uplinks: {},
	packages: { '**': { access: '$all', publish: '$authenticated' } },
	web: { enable: false },
	log: { type: 'stdout', format: 'pretty', level: 'http' },
};
