import { useRef } from 'react';
import { useSearchParams } from 'wouter';
import { api, queries } from '~/api/client';
import { Card } from '~/parts/card';
import { Failed } from '~/parts/failed';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { nameOf, useAudit, type AuditRow } from './last-saved';
import { RulesJob } from './rules-job';

interface Words {
  title: string;
  what: string;
  apply: string;
  unsaved: string;
  sure: string;
  sureHint: string;
  cancel: string;
  begin: string;
  undo: string;
  earlier: string;
  actions: { rules_applied: string; rules_undone: string };
  show: string;
  beginning: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Применить к прошлым дням', what: 'Продажи и заявки периода, выбранного выше, распределяются заново по сохранённым правилам. Это можно отменить.',
    apply: 'Применить к периоду', unsaved: 'Сначала сохраните правила.', sure: 'Применить сохранённые правила?',
    sureHint: 'Цифры команд за эти дни изменятся. Отменить можно кнопкой здесь же.', cancel: 'Не сейчас', begin: 'Применить', undo: 'Отмена применения', earlier: 'Раньше',
    actions: { rules_applied: 'применены правила', rules_undone: 'применение отменено' }, show: 'Показать', beginning: 'Запуск',
  },
  en: {
    title: 'Apply to past days', what: 'Sales and leads of the period chosen above are decided about anew by the saved rules. It can be undone.',
    apply: 'Apply to the period', unsaved: 'Save the rules first.', sure: 'Apply the saved rules?',
    sureHint: 'Figures of teams change for these days. It can be undone from here.', cancel: 'Not now', begin: 'Apply', undo: 'Undoing', earlier: 'Before',
    actions: { rules_applied: 'rules applied', rules_undone: 'applying undone' }, show: 'Show', beginning: 'Beginning',
  },
};

const SHOWN = 5;

/** Has the saved rules decide about past days, shows how far that is, and takes it back. The job stands in the address. */
export function ApplyCard({ isChanged }: { isChanged: boolean }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const { days } = useView();
  const [parameters, setParameters] = useSearchParams();
  const sure = useRef<HTMLDialogElement>(null);
  const job = parameters.get('job');
  const show = (id: string) => {
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('job', id);
      return after;
    });
    void queries.invalidateQueries({ queryKey: ['get', '/api/admin/audit'] });
  };
  const begun = { onSuccess: ({ job_id }: { job_id: string }) => show(job_id) };
  const apply = api.useMutation('post', '/api/admin/attribution/apply', begun);
  const undo = api.useMutation('post', '/api/admin/attribution/undo', begun);
  const begin = () => {
    sure.current?.close();
    undo.reset();
    apply.mutate({ body: days });
  };
  const takeBack = (id: string) => {
    apply.reset();
    undo.mutate({ body: { job_id: id } });
  };
  const error: unknown = apply.error ?? undo.error;
  const isBusy = apply.isPending || undo.isPending;
  return (
    <Card title={texts.title}>
      <p className="quiet">{texts.what}</p>
      <div className="row">
        <button type="button" disabled={isChanged || isBusy} onClick={() => sure.current?.showModal()}>
          {texts.apply}: {formats.day(days.from)} – {formats.day(days.to)}
        </button>
        {isChanged && <span className="warn">{texts.unsaved}</span>}
      </div>
      {error !== null && <Failed error={error} what={apply.error ? texts.beginning : texts.undo} />}
      {job && <RulesJob key={job} id={job} onUndo={takeBack} isBusy={isBusy} />}
      <Earlier texts={texts} shown={job} onShow={show} />
      <dialog ref={sure} aria-labelledby="sure-title">
        <div className="stack">
          <h2 id="sure-title">{texts.sure}</h2>
          <p>{formats.dayOfYear(days.from)} – {formats.dayOfYear(days.to)}. {texts.sureHint}</p>
          <div className="row">
            <button type="button" className="main" onClick={begin}>{texts.begin}</button>
            <button type="button" onClick={() => sure.current?.close()}>{texts.cancel}</button>
          </div>
        </div>
      </dialog>
    </Card>
  );
}

function jobOf({ after }: AuditRow): string | null {
  const id = typeof after === 'object' && after !== null && 'job_id' in after ? after.job_id : null;
  return typeof id === 'string' ? id : null;
}

/** What was applied and undone lately, each to look at and take back. */
function Earlier({ texts, shown, onShow }: { texts: Words; shown: string | null; onShow: (id: string) => void }) {
  const formats = useFormats();
  const rows = useAudit().flatMap((row) => {
    const id = jobOf(row);
    const action = row.action === 'rules_applied' || row.action === 'rules_undone' ? row.action : null;
    return id && action && id !== shown ? [{ row, id, action }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{texts.earlier}</summary>
      <ul className="earlier">
        {rows.slice(0, SHOWN).map(({ row, id, action }) => (
          <li key={row.id} className="row">
            <span>{formats.moment(row.at)}: {texts.actions[action]}, {row.subject}, {nameOf(row)}</span>
            <button type="button" aria-label={`${texts.show}: ${formats.moment(row.at)}`} onClick={() => onShow(id)}>{texts.show}</button>
          </li>
        ))}
      </ul>
    </details>
  );
}
