-- Names as three languages write them, as a function of a number: a third of them English, Russian and Chinese.
CREATE FUNCTION pg_temp.bench_name(h bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE h % 3
  WHEN 0 THEN (string_to_array('Anna Peter Laura James Emily Henry Grace Oliver Alice Martin Julia Simon Clara Victor Helen Frank', ' '))[h / 3 % 16 + 1]
    || ' ' || (string_to_array('Ash Brad Carl Dun Ell Fair Gold Hart Kings Lang Mer North Oak Pem Rad Stan', ' '))[h / 48 % 16 + 1]
    || (string_to_array('field ford ham hill house ley man more port ridge shaw stone ton ville well worth', ' '))[h / 768 % 16 + 1]
  WHEN 1 THEN (string_to_array('Анна Пётр Мария Иван Ольга Сергей Елена Павел Ирина Андрей Нина Юрий Вера Олег Дарья Роман', ' '))[h / 3 % 16 + 1]
    || ' ' || (string_to_array('Белоус Воробь Горбун Дубров Ермола Жарк Зайц Кузнец Лебед Медвед Назар Орл Петр Рябин Сокол Тарас', ' '))[h / 48 % 16 + 1]
    || (string_to_array('ов ев ин ский енко ук ович аев унов цев ихин ницкий ушин итов янов ыгин', ' '))[h / 768 % 16 + 1]
  ELSE substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭', (h / 3 % 16 + 1)::int, 1)
    || substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明', (h / 48 % 16 + 1)::int, 1) || substr('华英建国玉兰志文海燕春红晓东雪梅', (h / 768 % 16 + 1)::int, 1)
END
$$;
