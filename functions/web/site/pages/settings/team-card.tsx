import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';
import { Field } from './field';
import { OrderButtons } from './order-buttons';
import { Patterns } from './patterns';
import type { TeamRule } from './section';

interface Words {
  unnamed: string;
  id: string;
  idHint: string;
  title: string;
  color: string;
  emoji: string;
  accounts: string;
  noAccounts: string;
  remove: string;
  place: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    unnamed: 'Новая команда', id: 'Код', idHint: 'Латиницей; потом не меняется. Для входа баеров нужна группа team-<код>.', title: 'Название',
    color: 'Цвет', emoji: 'Эмодзи', accounts: 'Рекламные кабинеты', noAccounts: 'нет; назначаются в разделе Facebook', remove: 'Убрать команду',
    place: 'по счёту',
  },
  en: {
    unnamed: 'New team', id: 'Id', idHint: 'Latin letters; it never changes. Its buyers sign in by the group team-<id>.', title: 'Title',
    color: 'Colour', emoji: 'Emoji', accounts: 'Ad accounts', noAccounts: 'none; they are assigned in “Facebook”', remove: 'Remove the team',
    place: 'in order',
  },
};

interface Properties {
  team: TeamRule;
  place: number;
  count: number;
  /** A saved team has sales, so it stays. */
  isSaved: boolean;
  accounts: readonly Schemas['AdAccount'][];
  onChange: (part: Partial<TeamRule>) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

export function TeamCard({ team, place, count, isSaved, accounts, onChange, onMove, onRemove }: Properties) {
  const texts = useTexts(TEXTS);
  const name = team.title || texts.unnamed;
  const text = (field: 'title' | 'emoji' | 'id', label: string, hint?: string) => (
    <Field path={`[${place}].${field}`} label={label} hint={hint} className={field}>
      {(control) => <input {...control} value={team[field]} onChange={(event) => onChange({ [field]: event.target.value })} />}
    </Field>
  );
  const owned = team.ad_accounts.map((id) => accounts.find(({ account_id }) => account_id === id)?.name ?? id);
  return (
    <section className="card team-card" aria-label={name} data-team={team.id}>
      <header className="card-head">
        <h2 className="team">
          <span className="quiet" title={texts.place}>{place + 1}.</span>
          <i style={{ background: team.color }} aria-hidden="true" /><span aria-hidden="true">{team.emoji}</span>{name}
        </h2>
        <span className="row">
          {!isSaved && <button type="button" className="danger" onClick={onRemove}>{texts.remove}</button>}
          <OrderButtons list="teams" place={place} count={count} name={name} onMove={onMove} />
        </span>
      </header>
      <div className="team-fields">
        {!isSaved && text('id', texts.id, texts.idHint)}
        {text('title', texts.title)}
        {text('emoji', texts.emoji)}
        <Field path={`[${place}].color`} label={texts.color}>
          {(control) => <input {...control} type="color" value={team.color} onChange={(event) => onChange({ color: event.target.value })} />}
        </Field>
      </div>
      <Patterns place={place} name={name} patterns={team.patterns} onChange={(patterns) => onChange({ patterns })} />
      <p className="quiet"><small>{texts.accounts}: {owned.join(', ') || texts.noAccounts}</small></p>
    </section>
  );
}
