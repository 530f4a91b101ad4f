/** Registration only: what JupyterLab and Notebook start, and with which of their services. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { addCommands } from './commands.js';
import { Docks } from './dock.js';
import { Page } from './page.js';
import { StatusItem } from './status.js';
import { CommandIDs, PLUGIN_ID } from './tokens.js';
import { VERSION } from './version.js';

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Live cells to the kernel, the cells of an answer into the notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null
  ) => {
    const page = new Page(tracker, new Docks(app.shell), VERSION);
    addCommands(app.commands, tracker, page);
    for (const command of Object.values(CommandIDs)) {
      palette?.addItem({ command, category: 'Ask gpt' });
    }
    if (statusBar) {
      const item = new StatusItem(() => void app.commands.execute(CommandIDs.effort));
      const update = (): void => item.display(page.statusOf(tracker.currentWidget));
      page.changed.connect(update);
      tracker.currentChanged.connect(update);
      statusBar.registerStatusItem(PLUGIN_ID, { item, align: 'right', rank: 600 });
    }
  }
};

export default plugin;
