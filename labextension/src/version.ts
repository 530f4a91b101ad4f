/** The extension's version, the same as package.json's and the Python package's. */
export const VERSION = '0.1.0';
