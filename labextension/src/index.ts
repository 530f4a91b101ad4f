import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
const plugin: JupyterFrontEndPlugin<void> = { id: 'comet-magics:plugin', autoStart: true, activate: () => { console.log('hi'); } };
export default plugin;
