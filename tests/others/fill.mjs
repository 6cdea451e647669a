// Shows the form in NLM's LHC-Forms and fills it in as a person would, with mouse and keys:
// node fill.mjs JOB. Prints what the form gives back for each sheet of answers.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { chromium } = createRequire(import.meta.url)(job.playwright);
const SCRIPTS = [
  'webcomponent/assets/lib/zone.min.js',
  'webcomponent/lhc-forms.js',
  'fhir/R4/lformsFHIR.min.js',
];

async function shown(browser) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.setContent('<!doctype html><html lang="en"><body><div id="form"></div></body></html>');
  const folder = join(job.lforms, 'dist/lforms');
  await page.addStyleTag({ path: join(folder, 'webcomponent/styles.css') });
  for (const script of SCRIPTS) await page.addScriptTag({ path: join(folder, script) });
  await page.evaluate((form) => LForms.Util.addFormToPage(form, 'form', {}), job.form);
  await page.getByText(job.form.title).waitFor();
  return page;
}

// As fast as a good typist. Who types and leaves the field within a few milliseconds can lose
// the last letter on a busy machine: LHC-Forms takes up what was typed a little later.
async function typed(page, row, words, key) {
  await row.locator('input').click();
  await page.keyboard.type(words, { delay: 40 });
  await page.waitForTimeout(250);
  await page.keyboard.press(key);
}

// A row is found by its place; what is in it by what a person sees.
const actions = {
  async choose(page, row, label) {
    await row.getByText(label, { exact: true }).click();
  },
  async write(page, row, words) {
    await typed(page, row, words, 'Tab');
  },
  async enter(page, row, words) {
    await typed(page, row, words, 'Enter');
  },
  async pick(page, row, label) {
    await row.locator('input').click();
    // Each line of the list begins with its number.
    const line = new RegExp(`^[0-9]+:\\s*${label}$`);
    await page.locator('#completionOptions li', { hasText: line }).click();
  },
  async more(page, row, label) {
    await page.getByRole('button', { name: `add button for ${label}` }).last().click();
  },
};

const browser = await chromium.launch({ executablePath: job.chromium, args: ['--no-sandbox'] });
const filled = {};
for (const [name, steps] of Object.entries(job.sheets)) {
  const page = await shown(browser);
  for (const [action, place, what] of steps) {
    await actions[action](page, page.locator(`[id="item-${place}"]`), what);
  }
  await page.screenshot({ path: join(job.pictures, `${name}.png`), fullPage: true });
  filled[name] = await page.evaluate(() =>
    LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'),
  );
  await page.close();
}
await browser.close();
console.log(JSON.stringify(filled));
