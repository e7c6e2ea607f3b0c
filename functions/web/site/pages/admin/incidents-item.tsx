import { Link } from 'wouter';
import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { adviceOf, levelOf, pageOf, titleOf, type Incident } from './incidents-words';

interface Words {
  lasts: string;
  over: string;
  since: string;
  ended: string;
  seen: string;
  told: string;
  toldNone: string;
  service: string;
  go: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    lasts: '▲ длится', over: '✓ прошло', since: 'с', ended: 'закончилось', seen: 'последний раз видели', told: 'В Telegram сообщили',
    toldNone: 'В Telegram не сообщали', service: 'Подробно от сервиса', go: 'Перейти',
  },
  en: {
    lasts: '▲ lasts', over: '✓ over', since: 'since', ended: 'ended', seen: 'last seen', told: 'Telegram was told',
    toldNone: 'Telegram was not told', service: 'What the service says', go: 'Go there',
  },
};

/** One thing that fell off: what, since when, what helps. */
export function IncidentItem({ incident }: { incident: Incident }) {
  const texts = useTexts(TEXTS);
  const language = useLanguage();
  const formats = useFormats();
  const isOpen = incident.state === 'open';
  const told = incident.told.map(({ news, at }) => `${levelOf(language, news)} ${formats.moment(at)}`).join(', ');
  return (
    <li data-incident={incident.id}>
      <p className="row">
        <b>{titleOf(language, incident)}</b>
        <span className={isOpen ? 'badge warn' : 'badge good'}>{isOpen ? texts.lasts : texts.over}</span>
      </p>
      <p className="quiet">
        {texts.since} {formats.moment(incident.since)}
        {incident.ended_at ? `, ${texts.ended} ${formats.moment(incident.ended_at)}` : `, ${texts.seen} ${formats.ago(incident.last_seen_at)}`}
      </p>
      {isOpen && <p>{adviceOf(language, incident)} <Link href={pageOf(incident)}>{texts.go}</Link></p>}
      <details>
        <summary>{texts.service}</summary>
        <p lang="en">{incident.message} {incident.what_to_do}</p>
        <p className="quiet">{told ? `${texts.told}: ${told}` : texts.toldNone}</p>
      </details>
    </li>
  );
}
