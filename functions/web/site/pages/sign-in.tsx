import { useState } from 'react';
import { hasEnded, signIn } from '~/api/session';
import { useTexts, type Texts } from '~/view/language';
import { usePreference } from '~/view/preferences';

interface Words {
  what: string;
  email: string;
  password: string;
  go: string;
  ended: string;
  refused: string;
  tooMany: string;
  unreachable: string;
  other: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    what: 'Чьи вложения вернулись', email: 'E-mail', password: 'Пароль', go: 'Войти',
    ended: 'Сессия закончилась. Войдите снова.', refused: 'Неверный e-mail или пароль.',
    tooMany: 'Слишком много попыток. Попробуйте через 15 минут.', unreachable: 'Сервис не отвечает. Попробуйте ещё раз.',
    other: 'English',
  },
  en: {
    what: 'Whose advertising came back', email: 'E-mail', password: 'Password', go: 'Sign in',
    ended: 'The session has ended. Sign in again.', refused: 'Wrong e-mail or password.',
    tooMany: 'Too many tries. Try again in 15 minutes.', unreachable: 'The service does not answer. Try again.',
    other: 'Русский',
  },
};

type Problem = 'ended' | 'refused' | 'tooMany' | 'unreachable';

export function SignIn() {
  const texts = useTexts(TEXTS);
  const [language, setLanguage] = usePreference('language');
  const [problem, setProblem] = useState<Problem | null>(hasEnded() ? 'ended' : null);
  const [isBusy, setBusy] = useState(false);
  const go = async (form: FormData) => {
    setProblem(null);
    setBusy(true);
    try {
      const status = await signIn(String(form.get('email')), String(form.get('password')));
      if (status !== null) setProblem(status === 429 ? 'tooMany' : status >= 500 ? 'unreachable' : 'refused');
    } catch {
      setProblem('unreachable');
    }
    setBusy(false);
  };
  return (
    <main className="alone">
      <form className="card sign-in" onSubmit={(event) => { event.preventDefault(); void go(new FormData(event.currentTarget)); }}>
        <h1>Traffic Dashboard</h1>
        <p className="quiet">{texts.what}</p>
        <label>{texts.email} <input name="email" type="email" autoComplete="username" required autoFocus /></label>
        <label>{texts.password} <input name="password" type="password" autoComplete="current-password" required /></label>
        <p className="problem" role="alert">{problem && texts[problem]}</p>
        <button type="submit" className="main" disabled={isBusy}>{texts.go}</button>
        <button type="button" className="plain" lang={language === 'ru' ? 'en' : 'ru'} onClick={() => setLanguage(language === 'ru' ? 'en' : 'ru')}>
          {texts.other}
        </button>
      </form>
    </main>
  );
}
