// What the last run of all checks has found, the worst first, and a new run.

import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { api, queries, type Schemas } from '~/api/client';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { plural, useLanguage, useTexts, type Texts } from '~/view/language';
import { useCheck, who } from './checks';
import { Details } from './details';
import { BY_WEIGHT, Said, Sign } from './sign';

interface Words {
  run: string;
  running: string;
  failed: string;
  what: string;
  last: string;
  stale: string;
  never: string;
  press: string;
  found: (errors: number, warnings: number, total: number) => string;
  allWell: (total: number) => string;
  done: string;
  toDo: string;
  by: string;
  go: string;
  figures: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    run: 'Проверить сейчас', running: 'Проверяем все части системы. Обычно это занимает до 10 секунд.', failed: 'Проверка',
    what: 'Результаты проверки', last: 'Последняя проверка', stale: 'Ежечасная проверка не приходила больше двух часов.',
    never: 'Проверки ещё не было', press: 'Нажмите «Проверить сейчас».',
    found: (errors, warnings, total) =>
      `${errors} ${plural('ru', errors, 'ошибка', 'ошибки', 'ошибок')}, ${warnings} ${plural('ru', warnings, 'предупреждение', 'предупреждения', 'предупреждений')} на ${total} ${plural('ru', total, 'проверку', 'проверки', 'проверок')}`,
    allWell: (total) => `Всё в порядке: ${total} ${plural('ru', total, 'проверка', 'проверки', 'проверок')}`,
    done: 'Проверка закончена.', toDo: 'Что сделать', by: 'Кто может', go: 'Перейти к исправлению', figures: 'Подробности',
  },
  en: {
    run: 'Check now', running: 'Every part of the system is being checked. This takes up to 10 seconds.', failed: 'The check',
    what: 'What the check found', last: 'Last check', stale: 'The hourly check has not come for more than two hours.',
    never: 'There was no check yet', press: 'Press “Check now”.',
    found: (errors, warnings, total) =>
      `${errors} ${plural('en', errors, 'error', '', 'errors')}, ${warnings} ${plural('en', warnings, 'warning', '', 'warnings')} in ${total} ${plural('en', total, 'check', '', 'checks')}`,
    allWell: (total) => `All is well: ${total} ${plural('en', total, 'check', '', 'checks')}`,
    done: 'The check is done.', toDo: 'What to do', by: 'Who can', go: 'Go and mend it', figures: 'Details',
  },
};

const LAST = ['get', '/api/admin/integrations/diagnostics/last'] as const;

export function Diagnostics() {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const last = api.useQuery(...LAST, {}, { refetchInterval: 60_000 });
  const run = api.useMutation('post', '/api/admin/integrations/diagnostics', {
    // The answer is shown as it came: a run that could not be kept is told to whoever ordered it only.
    onSuccess: ({ data }) => {
      const told: Schemas['DiagnosticsLastAnswer'] = { success: true, ran_at: new Date().toISOString(), age_seconds: 0, stale: false, data };
      queries.setQueryData(api.queryOptions(...LAST, {}).queryKey, told);
    },
  });
  const report = last.data?.data;
  return (
    <>
      <div className="row">
        <button type="button" className="main" disabled={run.isPending} onClick={() => run.mutate({})}>{texts.run}</button>
        {last.data?.ran_at && (
          <span className="quiet" title={formats.moment(last.data.ran_at)}>{texts.last}: {formats.ago(last.data.ran_at)}</span>
        )}
        <span role="status">{run.isPending ? texts.running : run.isSuccess ? texts.done : ''}</span>
      </div>
      {run.isPending && <Progress label={texts.running} />}
      {run.error && <Failed what={texts.failed} error={run.error} again={() => run.mutate({})} />}
      {last.data?.stale && last.data.ran_at && <p className="notice">{texts.stale}</p>}
      {last.error && <Failed what={texts.what} error={last.error} again={last.refetch} />}
      {last.isPending && <Waiting lines={12} height={900} />}
      {last.data && !report && <Empty title={texts.never}>{texts.press}</Empty>}
      {report && <Report report={report} texts={texts} />}
    </>
  );
}

/** All checks end within this time, so it is how far along they are. */
const MOST_SECONDS = 10;

function Progress({ label }: { label: string }) {
  const began = useRef(Date.now());
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setPassed((Date.now() - began.current) / 1000), 250);
    return () => clearInterval(timer);
  }, []);
  return <progress aria-label={label} max={MOST_SECONDS} value={Math.min(passed, MOST_SECONDS * 0.95)} />;
}

function Report({ report, texts }: { report: Schemas['DiagnosticsReport']; texts: Words }) {
  const { error, warning, total } = report.summary;
  const weight = (check: Schemas['Diagnostic']) => BY_WEIGHT.indexOf(check.status);
  const checks = [...report.diagnostics].sort((one, other) => weight(one) - weight(other));
  return (
    <>
      <p><Sign status={report.overall_status}>{error + warning ? texts.found(error, warning, total) : texts.allWell(total)}</Sign></p>
      <ul className="checks" aria-label={texts.what}>
        {checks.map((check) => <Check key={check.name} check={check} texts={texts} />)}
      </ul>
    </>
  );
}

function Check({ check, texts }: { check: Schemas['Diagnostic']; texts: Words }) {
  const language = useLanguage();
  const { title, page } = useCheck()(check.name);
  const { what_to_do: advice, who: person, ...figures } = check.details;
  return (
    <li className={`card check ${check.status}`} data-check={check.name}>
      <div className="row">
        <Sign status={check.status} />
        <h2 title={check.name}>{title}</h2>
      </div>
      <p><Said>{check.message}</Said></p>
      {advice && <p><b>{texts.toDo}:</b> <Said>{advice}</Said></p>}
      {person && <p className="quiet">{texts.by}: {who(language, person)}</p>}
      {page && check.status !== 'ok' && <p><Link href={page}>{texts.go} →</Link></p>}
      {Object.keys(figures).length > 0 && (
        <details>
          <summary>{texts.figures}</summary>
          <Details of={figures} />
        </details>
      )}
    </li>
  );
}
